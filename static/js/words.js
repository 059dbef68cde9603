// The sentences that scripts say, put into the page by the server in the reader's language (<template id="words">).
export function word(name) {
  return document.getElementById("words").getAttribute(`data-${name}`);
}
