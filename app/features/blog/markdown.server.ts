/** Markdown as posts are written in it: CommonMark with tables, struck text and bare links; HTML in it is text. */
import MarkdownIt from "markdown-it";

interface Env {
  /** Where relative addresses are resolved against, for readers that see the text elsewhere. */
  base?: string;
}

const markdown = new MarkdownIt({ html: false, linkify: true });

/** An allow list: what is not known to be harmless stays text (OWASP, XSS prevention, URL contexts). */
markdown.validateLink = (url) => !/^[^/?#]*:/.test(url) || /^(https?|mailto|tel):/i.test(url.trim());

/** Pictures come from this site alone; the Content-Security-Policy would refuse others, and they would tell who reads. */
const isOwnPicture = (src: string) => src.startsWith("/media/");

type Token = ReturnType<typeof markdown.parse>[number];

const attribute = (token: Token, name: string) => {
  const value = token.attrGet(name);
  return value === null ? null : String(value);
};

const plain = (tokens: Token[] | null): string =>
  (tokens ?? [])
    .map(({ type, content, children }) =>
      type === "softbreak" || type === "hardbreak" ? " " : type === "image" ? plain(children) : content,
    )
    .join("");

/** A foreign picture becomes a link to it, or within a link its description. */
function withoutForeignPictures(
  tokens: Token[],
  create: (type: string, tag: string, nesting: -1 | 0 | 1) => Token,
) {
  let depth = 0;
  return tokens.flatMap((token) => {
    if (token.type === "link_open") depth += 1;
    if (token.type === "link_close") depth -= 1;
    const src = attribute(token, "src");
    if (token.type !== "image" || src === null || isOwnPicture(src)) return [token];
    const text = create("text", "", 0);
    text.content = plain(token.children) || src;
    if (depth > 0) return [text];
    const open = create("link_open", "a", 1);
    open.attrSet("href", src);
    return [open, text, create("link_close", "a", -1)];
  });
}

/** A picture of ours says its size behind its address: the page keeps the place free, and nothing jumps. */
function keepPlace(picture: Token) {
  const [, width, height] = attribute(picture, "src")?.match(/#(\d{1,5})x(\d{1,5})$/) ?? [];
  if (!width || !height) return;
  picture.attrSet("width", width);
  picture.attrSet("height", height);
}

markdown.core.ruler.push("house", ({ tokens, env, Token }) => {
  const { base } = env as Env;
  const create = (type: string, tag: string, nesting: -1 | 0 | 1) => new Token(type, tag, nesting);
  const absolute = (token: Token, name: string) => {
    const address = attribute(token, name);
    if (base && address !== null && URL.canParse(address, base))
      token.attrSet(name, new URL(address, base).href);
  };
  const lower = tokens.some(({ tag }) => tag === "h1") ? 1 : 0;
  for (const token of tokens) {
    // The page has its own h1.
    if (token.type.startsWith("heading_")) token.tag = `h${Math.min(Number(token.tag.slice(1)) + lower, 6)}`;
    const [, side] = attribute(token, "style")?.match(/^text-align:(\w+)$/) ?? [];
    // Style attributes are refused by the Content-Security-Policy.
    if (side) token.attrs = [["class", side]];
    if (!token.children) continue;
    token.children = withoutForeignPictures(token.children, create);
    for (const child of token.children) {
      if (child.type === "link_open") absolute(child, "href");
      if (child.type !== "image") continue;
      absolute(child, "src");
      child.attrSet("loading", "lazy");
      keepPlace(child);
    }
  }
});

// What is wider than the page scrolls by itself, by the keyboard too (WCAG 2.1.1).
const { rules } = markdown.renderer;
rules.table_open = () => '<div class="wide" tabindex="0"><table>\n';
rules.table_close = () => "</table></div>\n";
for (const name of ["fence", "code_block"] as const) {
  const render = rules[name]!;
  rules[name] = (...args) => render(...args).replace("<pre>", '<pre tabindex="0">');
}

/** Markdown as HTML that is safe to put into a page. With `base` all addresses are absolute. */
export const toHtml = (text: string, base?: string) => markdown.render(text, { base } satisfies Env);

const EXCERPT = 220;
/** Characters in which the first paragraph is looked for. */
const OPENING = 600;

/** The first paragraph as plain text, cut at a word. A list has ten of them: nothing else is parsed to its end. */
export function excerptOf(text: string): string {
  const env = {};
  const blocks: Token[] = [];
  const words: Token[] = [];
  markdown.block.parse(text.slice(0, OPENING).replaceAll(/\r\n?/g, "\n"), markdown, env, blocks);
  const at = blocks.findIndex(({ type }) => type === "paragraph_open");
  if (at >= 0) markdown.inline.parse(blocks[at + 1]!.content, markdown, env, words);
  const whole = [...plain(words).trim()];
  if (whole.length <= EXCERPT) return whole.join("");
  return `${whole
    .slice(0, EXCERPT)
    .join("")
    .replace(/\s+\S*$/, "")}…`;
}
