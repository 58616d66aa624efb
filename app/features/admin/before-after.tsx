/** Characters from which on only what differs is shown, with some of what surrounds it. */
const LONG = 120;
const AROUND = 40;

interface Part {
  head: string;
  /** What differs. */
  middle: string;
  tail: string;
}

/** Two texts side by side: of long ones what differs, word by word, between what they begin and end with alike. */
export function BeforeAfter({ before, after }: { before: string | null; after: string | null }) {
  const isLong = before && after && Math.max(before.length, after.length) > LONG;
  const [was, is] = isLong ? apart(before, after) : [whole(before), whole(after)];
  return (
    <>
      <td data-label="Before">{was ? <Side {...was} as="del" /> : "—"}</td>
      <td data-label="After">{is ? <Side {...is} as="ins" /> : "—"}</td>
    </>
  );
}

const whole = (text: string | null): Part | null =>
  text === null ? null : { head: "", middle: text, tail: "" };

const Side = ({ head, middle, tail, as: Mark }: Part & { as: "del" | "ins" }) => (
  <>
    {head}
    {middle && <Mark>{middle}</Mark>}
    {tail}
  </>
);

/** Cuts off the words that both begin and end with. */
function apart(before: string, after: string): [Part, Part] {
  const [was, is] = [words(before), words(after)];
  const shortest = Math.min(was.length, is.length);
  let start = 0;
  while (start < shortest && was[start] === is[start]) start += 1;
  let end = 0;
  while (end < shortest - start && was.at(-1 - end) === is.at(-1 - end)) end += 1;
  const head = was.slice(0, start).join("");
  const tail = was.slice(was.length - end).join("");
  const part = (all: string[]): Part => ({
    head: head.length > AROUND ? `… ${head.slice(-AROUND)}` : head,
    middle: all.slice(start, all.length - end).join(""),
    tail: tail.length > AROUND ? `${tail.slice(0, AROUND)} …` : tail,
  });
  return [part(was), part(is)];
}

const words = (text: string) => text.split(/(?<=\s)(?=\S)/);
