"""The mark that says a picture was made by AI, as the IPTC and Adobe's XMP standards want it."""

from xml.sax.saxutils import escape

from vchar.licence import Licence

SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
GENERATED, EDITED = "trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia"
EDITED_PHOTO = "AI-edited picture of a photo that its user opened; the rights in the photo are unchanged."


def rights_line(licence: Licence | None, what: str = "") -> str:
    """One line for the rights field of a file that shows `what` (else what the licence says it makes).

    Without a licence, that of an edited photo.
    """
    if licence is None:
        return EDITED_PHOTO
    return f"AI-generated {what or licence.what}. Made with {licence.name}; {licence.short}."


def xmp_packet(title: str, licence: Licence | None) -> str:
    """An XMP packet (ISO 16684-1): title, IPTC digital source type, rights and terms; None as in `rights_line`."""
    terms = f"\n   <xmpRights:UsageTerms>{_text(licence.text)}</xmpRights:UsageTerms>" if licence else ""
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/"
    xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
    xmp:CreatorTool="vchar"
    Iptc4xmpExt:DigitalSourceType="{SOURCE_TYPES}{GENERATED if licence else EDITED}">
   <dc:title>{_text(title)}</dc:title>
   <dc:rights>{_text(rights_line(licence))}</dc:rights>{terms}
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


def _text(text: str) -> str:
    return f'<rdf:Alt><rdf:li xml:lang="x-default">{escape(text)}</rdf:li></rdf:Alt>'
