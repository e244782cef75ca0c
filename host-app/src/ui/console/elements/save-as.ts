/** Gives a file to the browser to save. */
export const saveAs = (content: Blob, name: string): void => {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken it by then; at once would be too early for some.
  window.setTimeout(() => URL.revokeObjectURL(address), 60_000);
};
