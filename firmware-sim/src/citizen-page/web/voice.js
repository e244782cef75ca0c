/** Speaks the prompts: the pad's own recording, else the browser's voice for that language, else nothing. */

const canSpeak = (language) => {
  const voices = globalThis.speechSynthesis?.getVoices();
  if (voices === undefined) return false;
  // Browsers that tell their voices late know none yet; they choose by the language themselves.
  return voices.length === 0 || voices.some(({ lang }) => lang.split(/[-_]/)[0].toLowerCase() === language.split("-")[0].toLowerCase());
};

export const speak = ({ text, recording }, language) => {
  if (recording !== null && "Audio" in globalThis) {
    // A browser that wants a touch before the first sound stays silent until then.
    new Audio(recording).play().catch(() => {});
  } else if (canSpeak(language)) {
    const words = new SpeechSynthesisUtterance(text);
    words.lang = language;
    speechSynthesis.cancel();
    speechSynthesis.speak(words);
  }
};
