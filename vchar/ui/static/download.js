// Turns the value { name, mime, base64 } into a file in the visitor's downloads.
watch("value", () => {
  const { name, mime, base64 } = props.value;
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const url = URL.createObjectURL(new Blob([bytes], { type: mime }));
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 120000); // a busy browser may come to it late
});
