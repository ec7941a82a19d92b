"""The mark that says a picture was made by AI, as the IPTC and Adobe's XMP standards want it."""

from xml.sax.saxutils import escape

from vchar.character import Character
from vchar.licence import Licence

TRAINED_ALGORITHMIC_MEDIA = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"


def licence_line(licence: Licence) -> str:
    """One line for a file's rights field."""
    return f"AI-generated face of nobody real. Made with {licence.name}; {licence.short}."


def xmp_packet(character: Character, licence: Licence) -> str:
    """An XMP packet (ISO 16684-1) with the IPTC digital source type, the rights line and the tool's name."""
    title = escape(character.name or f"Face {character.seed}")
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
    xmp:CreatorTool="vchar"
    Iptc4xmpExt:DigitalSourceType="{TRAINED_ALGORITHMIC_MEDIA}">
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
   <dc:rights><rdf:Alt><rdf:li xml:lang="x-default">{escape(licence_line(licence))}</rdf:li></rdf:Alt></dc:rights>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""
