import { Fragment } from "react";

/** An address, without the punctuation of the sentence that it ends. */
const ADDRESS = /https?:\/\/[^\s<>"]*[^\s<>"'.,:;!?)\]}]/gi;

/** A text whose addresses are links; everything else in it is text. */
export function Linked({ text }: { text: string }) {
  const parts: { at: number; text: string; isLink: boolean }[] = [];
  let end = 0;
  for (const { 0: address, index } of text.matchAll(ADDRESS)) {
    if (!URL.canParse(address)) continue;
    parts.push(
      { at: end, text: text.slice(end, index), isLink: false },
      { at: index, text: address, isLink: true },
    );
    end = index + address.length;
  }
  parts.push({ at: end, text: text.slice(end), isLink: false });
  return parts.map(({ at, text, isLink }) =>
    isLink ? (
      <a key={`link ${at}`} href={text} target="_blank" rel="noopener noreferrer nofollow ugc">
        {text}
      </a>
    ) : (
      <Fragment key={at}>{text}</Fragment>
    ),
  );
}
