import { describe, expect, it } from "vitest";
import { excerptOf, toHtml } from "~/features/blog/markdown.server";
import { VECTORS } from "./xss";

const TAGS =
  "A BLOCKQUOTE BR CODE DIV EM H1 H2 H3 H4 H5 H6 HR IMG LI OL P PRE S STRONG TABLE TBODY TD TH THEAD TR UL".split(
    " ",
  );
const ATTRIBUTES = "alt class height href loading src start tabindex title width".split(" ");

describe("Markdown", () => {
  it.each(VECTORS)("lets nothing through that could run: %s", (text) => {
    const page = new DOMParser().parseFromString(toHtml(text), "text/html");
    for (const element of page.body.querySelectorAll("*")) {
      expect(TAGS).toContain(element.tagName);
      for (const { name, value } of element.attributes) {
        expect(ATTRIBUTES).toContain(name);
        if (name === "href") expect(value).toMatch(/^(https?:|mailto:|tel:|[^:]*([/?#]|$))/i);
        if (name === "src") expect(value).toMatch(/^\/media\//);
      }
    }
    expect(page.head.childElementCount).toBe(0);
  });
  it("the corpus has more than sixty vectors", () => expect(VECTORS.length).toBeGreaterThanOrEqual(60));

  it("links what is safe to link", () => {
    expect(toHtml("[a](https://a.test) [b](/posts) [c](mailto:a@b.test) [d](tel:123) https://e.test")).toBe(
      '<p><a href="https://a.test">a</a> <a href="/posts">b</a> <a href="mailto:a@b.test">c</a> ' +
        '<a href="tel:123">d</a> <a href="https://e.test">https://e.test</a></p>\n',
    );
  });
  it("shows pictures of this site, and links those of others by their description", () => {
    expect(toHtml("![Cat](/media/cat.webp)")).toBe(
      '<p><img src="/media/cat.webp" alt="Cat" loading="lazy"></p>\n',
    );
    expect(toHtml("![Cat](https://evil.test/c.png)")).toBe(
      '<p><a href="https://evil.test/c.png">Cat</a></p>\n',
    );
    expect(toHtml("[![Cat](https://evil.test/c.png)](/x)")).toBe('<p><a href="/x">Cat</a></p>\n');
  });
  it("keeps the place of a picture that says its size, and of no other", () => {
    expect(toHtml("![Cat](/media/cat.webp#1600x900)")).toBe(
      '<p><img src="/media/cat.webp#1600x900" alt="Cat" loading="lazy" width="1600" height="900"></p>\n',
    );
    for (const behind of ["", "#x", "#1600x", "#100000x1", "?1600x900"]) {
      expect(toHtml(`![Cat](/media/cat.webp${behind})`)).not.toMatch(/width|height/);
    }
  });
  it("begins its headings below the page's own, without a gap", () => {
    expect(toHtml("# A\n\n## B\n\n###### C")).toBe("<h2>A</h2>\n<h3>B</h3>\n<h6>C</h6>\n");
    expect(toHtml("## A\n\n### B")).toBe("<h2>A</h2>\n<h3>B</h3>\n");
  });
  it("aligns columns by class, as the security policy allows", () => {
    expect(toHtml("| a | b |\n| :-: | --: |\n| 1 | 2 |")).toContain(
      '<td class="center">1</td>\n<td class="right">2</td>',
    );
  });
  it("makes every address absolute for readers elsewhere", () => {
    const html = toHtml(
      "[a](/x) [b](y) [c](#z) [d](https://d.test/) ![e](/media/e.webp)",
      "http://t.test/posts/p",
    );
    expect([...html.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, address]) => address)).toEqual([
      "http://t.test/x",
      "http://t.test/posts/y",
      "http://t.test/posts/p#z",
      "https://d.test/",
      "http://t.test/media/e.webp",
    ]);
  });
  it.each([
    "[a](http://[)",
    "[a](http://%zz)",
    "[a](//)",
    "[".repeat(5_000),
    "*".repeat(20_000),
    "> ".repeat(3_000),
  ])("takes what is malformed as it comes: %.15s", (text) =>
    expect(toHtml(text, "http://t.test/posts/p")).toEqual(expect.any(String)),
  );
});

describe("an excerpt", () => {
  it.each([
    ["", ""],
    ["# Only a heading", ""],
    ["One *two* [three](/x) `four` ![five](/media/x.png)\nsix", "One two three four five six"],
    ["<b>bold</b> & more", "<b>bold</b> & more"],
  ])("of %j is %j", (text, excerpt) => expect(excerptOf(text)).toBe(excerpt));
  it("is never cut within a character", () => {
    expect(excerptOf(`a${"😀".repeat(300)}`)).toBe(`a${"😀".repeat(219)}…`);
  });
  it("is cut at a word", () => {
    const excerpt = excerptOf("word ".repeat(100));
    expect(excerpt).toMatch(/ word…$/);
    expect(excerpt.length).toBeLessThanOrEqual(221);
  });
});
