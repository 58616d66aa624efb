/** What is sent to do harm, or by mistake: values, headers, cookies, and forms filled in badly. */
import { PASSWORD } from "./server";
import { encoded, isTyped, type Submission } from "./site";
import { noisy, type SentFile } from "./uploads";

const picture: SentFile = {
  bytes: await noisy(8, 8).png().toBuffer(),
  filename: "picture.png",
  type: "image/png",
};

export const MARKUP = `'"><img src=x onerror=nasty()>`;

/** What comes through where it is not escaped: an element, an attribute, a link that runs something. */
export const THROUGH = [
  /<img src=x onerror=nasty/,
  /(?<!\\)" onfocus=nasty/,
  /(href|src|action|data)="\s*javascript:/i,
];

/** Of text that nobody means what gets furthest. */
const FAR = [
  "",
  "a\0b",
  "x".repeat(10_000),
  "-1",
  "0",
  "1e999",
  "99999999999999999999",
  MARKUP,
  "x\r\nX-Injected: 1\r\nSet-Cookie: injected=1",
  `e${"\u0301".repeat(500)}`,
  "__proto__",
  "2026-02-30",
];
export const TEXTS = [
  ...FAR,
  "   ",
  "\0",
  "01",
  "0x10",
  "1.5",
  "NaN",
  `" onfocus=nasty() x="`,
  "javascript:nasty()",
  "{{7*7}}<%= 7*7 %>",
  "../../etc/passwd",
  "//evil.test/",
  "\u202egnp.exe",
  "👩‍👩‍👧‍👦",
  "constructor",
  '{"$ne":null}',
  "'; DROP TABLE todos; --",
];
/** The same in a URL or a form, byte for byte: no UTF-8, half of it, a lone surrogate, what was encoded twice. */
export const BYTES = ["%FF", "%E0%A4", "%E0%A4%A", "%", "%ED%A0%80", "%252e%252e%252f", "%u0041"];

export const HEADERS: Record<string, string[]> = {
  Range: ["bytes=9-1", "bytes=-0", "bytes=0-0,2-3,99999999-", `bytes=${"0-1,".repeat(500)}`, "lines=1"],
  "If-Range": ['"x"', "Thu, 99 Foo"],
  "If-None-Match": ['"', "*", "W/", "x".repeat(2_000), ',,,"'],
  "If-Modified-Since": ["Thu, 99 Foo", "0"],
  "Accept-Language": ["*;q=-1", "x".repeat(500), "de-DE-1996-x-y-z", "\u00ff"],
  "Accept-Encoding": ["gzip;q=NaN", "*;q=-1", "identity;q=0, *;q=0"],
  Accept: ["", "x", "text/html;q=nasty"],
  Referer: ["javascript:nasty()", "https://evil.test/", "//", "x".repeat(2_000)],
  "User-Agent": ["", MARKUP, "x".repeat(2_000)],
  "X-Forwarded-For": ["", "nasty", "::::", "1.2.3.4,,"],
  "Last-Event-ID": ["nasty", "-1"],
};

/** What a browser may send for a cookie of ours: nothing, no base64, JSON of another kind, too much. */
export const COOKIES = [
  "",
  "%",
  "bnVsbA==",
  ...['{"__proto__":{"x":1}}', "[[[[1]]]]", JSON.stringify(MARKUP)].map(btoa),
  "x".repeat(4_000),
];

/** For each value a turn in which every name has a bad one: over all turns, each name has each. */
export const turns = (names: string[], values: string[]) =>
  values.map((_, turn) =>
    names.map((name, at): [string, string] => [name, values[(turn + at * 5) % values.length]!]),
  );

export const FORM = { "Content-Type": "application/x-www-form-urlencoded" };

const MEANT: Record<string, string> = {
  email: "somebody@example.com",
  date: "2026-12-01",
  "datetime-local": "2026-12-01T12:00",
  password: PASSWORD,
};

/** A form as somebody fills it in who means it. */
export const meant = ({ fields }: Submission) =>
  fields
    .filter(({ sent }) => sent)
    .map(({ name, type, value }): [string, string | SentFile] => [
      name,
      type === "file" ? picture : value || !isTyped({ type }) ? value : (MEANT[type] ?? "7"),
    ]);

interface Bad {
  /** What is bad about it. */
  what: string;
  headers: Record<string, string>;
  body: string | Buffer;
}

/** A form filled in badly: every field at once, each by itself while the others are meant, and the form as a whole. */
export function badOf(form: Submission): Bad[] {
  const { enctype, fields } = form;
  const all = meant(form);
  const names = [...new Set(fields.map(({ name }) => name))];
  const one = (what: string, parts: typeof all) => ({ what, ...encoded(enctype, parts) });
  const whole = [
    ...turns(names, TEXTS).map((parts) => one(JSON.stringify(parts), parts)),
    one(
      "everything long",
      names.map((name) => [name, "x".repeat(100_000)]),
    ),
    one("what is unknown", [...all, ["__proto__", "1"], ["constructor[]", "1"], ["nasty", MARKUP]]),
  ];
  const alone = names.flatMap((name) => {
    const others = all.filter(([other]) => other !== name);
    return [
      ...FAR.map((text) => one(`${name}: ${text}`, [...others, [name, text]])),
      one(`${name} is missing`, others),
      one(`${name} comes twice`, [...others, [name, "1"], [name, "2"]]),
      { what: `${name} is a file`, ...encoded("multipart/form-data", [...others, [name, picture]]) },
    ];
  });
  const files = fields
    .filter(({ type }) => type === "file")
    .flatMap(({ name }) => {
      const others = all.filter(([other]) => other !== name);
      const file = (what: string, changed: Partial<SentFile>) =>
        one(`${name} is ${what}`, [...others, [name, { ...picture, ...changed }]]);
      return [
        ...FILENAMES.map((filename) => file(`called ${filename}`, { filename })),
        file("empty", { bytes: "" }),
        file("no picture", { bytes: MARKUP }),
        file("of no type", { type: "nasty/;;" }),
      ];
    });
  const { headers, body } = encoded(enctype, all);
  const raw = (type: string, text: string | Buffer) => ({
    what: `a body of ${type}`,
    headers: { "Content-Type": type },
    body: text,
  });
  const bodies = [
    { what: "no body", headers, body: "" },
    { what: "half a body", headers, body: body.subarray(0, body.length / 2) },
    raw("application/json", '{"title":{"$ne":1}}'),
    raw("text/plain", "nasty"),
    raw("", body),
    raw("nasty/;;;", body),
    raw("multipart/form-data", "nasty"),
    raw("multipart/form-data; boundary=", body),
    raw("multipart/form-data; boundary=x", '--x\r\nContent-Disposition: form-data; name="\r\n\r\n--x--'),
    raw(`${FORM["Content-Type"]}; charset=nasty`, body),
    raw(FORM["Content-Type"], "&".repeat(20_000)),
    ...BYTES.map((bytes) =>
      raw(FORM["Content-Type"], names.map((name) => `${encodeURIComponent(name)}=${bytes}`).join("&")),
    ),
  ];
  return names.length > 0 ? [...whole, ...alone, ...files, ...bodies] : bodies.slice(0, 4);
}

const FILENAMES = [
  "",
  "\0",
  MARKUP.replaceAll('"', "%22"),
  "../../x.png",
  "x".repeat(5_000),
  "\u202egnp.exe",
];
