import fs, {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { keptSecret, readSettings, SETTINGS } from "~/services/config.server";

const strong = "a-secret-that-is-long-enough-0123456789";
const problemWith = (env: Record<string, string>) => {
  try {
    readSettings(env);
  } catch (error) {
    return (error as Error).message;
  }
  return null;
};

describe("settings", () => {
  it("need nothing: every one has a default or may be absent", () => {
    expect(readSettings({})).toEqual({
      HOST: "127.0.0.1",
      PORT: 3000,
      DATABASE_URL: "sqlite:data/tenfold.sqlite",
      UPLOADS: "uploads",
      SESSION_SECRET: undefined,
      PUBLIC_URL: undefined,
      REQUIRE_LOGIN: false,
      RUN_JOBS: true,
      TRUST_PROXY: 0,
      SMTP_URL: undefined,
      MAIL_FROM: "tenfold@localhost",
      CONTACT_TO: undefined,
      DOCUMENT_LIMIT: 2 ** 31,
      WEBHOOK_SECRET: undefined,
      WEBHOOK_SECRETS: undefined,
      WEBHOOK_DAYS: 90,
      WEATHER_BASE_URL: "https://wttr.in",
      REDIS_URL: undefined,
      LOG_LEVEL: "info",
    });
  });
  it("take an empty value for an absent one", () => expect(readSettings({ PORT: " " }).PORT).toBe(3000));
  it("know the address of the site without a slash at its end", () =>
    expect(readSettings({ PUBLIC_URL: "https://a.example/" }).PUBLIC_URL).toBe("https://a.example"));
  it.each([
    ["REQUIRE_LOGIN", "yes", 'REQUIRE_LOGIN is "yes"; allowed is true or false.'],
    [
      "PUBLIC_URL",
      "a.example",
      'PUBLIC_URL is "a.example"; allowed is the address of the site, like https://tenfold.example.com.',
    ],
    ["DOCUMENT_LIMIT", "2", 'DOCUMENT_LIMIT is "2"; allowed is a size like 500 MB or 2 GB.'],
    ["DOCUMENT_LIMIT", "0 MB", 'DOCUMENT_LIMIT is "0 MB"; allowed is a size like 500 MB or 2 GB.'],
    ["PORT", "abc", 'PORT is "abc"; allowed is a whole number from 0 to 65535.'],
    ["PORT", "65536", 'PORT is "65536"; allowed is a whole number from 0 to 65535.'],
    ["PORT", "-1", 'PORT is "-1"; allowed is a whole number from 0 to 65535.'],
    ["HOST", "a b", 'HOST is "a b"; allowed is a host name or address to listen on.'],
    ["TRUST_PROXY", "true", 'TRUST_PROXY is "true"; allowed is the number of proxies in front, 0 to 10.'],
    [
      "LOG_LEVEL",
      "loud",
      'LOG_LEVEL is "loud"; allowed is fatal, error, warn, info, debug, trace or silent.',
    ],
  ])("%s=%s stops the start with name, what was found and what is allowed", (name, value, message) => {
    expect(problemWith({ [name]: value })).toBe(message);
  });
  it("name every wrong one at once", () => {
    expect(problemWith({ PORT: "x", LOG_LEVEL: "y" })?.split("\n")).toHaveLength(2);
  });
  it.each(["mysql://u:secret@h/d", "sqlite::memory:", "data.sqlite"])(
    "refuse DATABASE_URL=%s without repeating what may hold a password",
    (value) => {
      const problem = problemWith({ DATABASE_URL: value });
      expect(problem).toContain(`DATABASE_URL is a value of ${value.length} characters; allowed is sqlite:`);
      expect(problem).not.toContain("secret");
    },
  );
  it.each(["mail.example.com", "http://mail.example.com", "smtp://"])(
    "refuse SMTP_URL=%s without repeating what may hold a password",
    (value) => {
      expect(problemWith({ SMTP_URL: value })).toContain("SMTP_URL is a value of");
    },
  );
  it.each(["localhost:6379", "http://:secret@localhost", "redis://"])(
    "refuse REDIS_URL=%s without repeating what may hold a password",
    (value) => {
      expect(problemWith({ REDIS_URL: value })).toContain("REDIS_URL is a value of");
    },
  );
  it.each(["wttr.in", "ftp://wttr.in", "https://wttr.in/?key=1", "https://user@wttr.in"])(
    "refuse WEATHER_BASE_URL=%s",
    (value) => {
      expect(problemWith({ WEATHER_BASE_URL: value })).toContain(`WEATHER_BASE_URL is "${value}"`);
    },
  );
  it("refuse a mail server without the address that mails are to link to", () => {
    const SMTP_URL = "smtp://mail.example.com";
    expect(problemWith({ SMTP_URL })).toContain("SMTP_URL needs PUBLIC_URL");
    expect(problemWith({ SMTP_URL, PUBLIC_URL: "https://a.example" })).toBeNull();
  });
  it.each(["nobody", "a@b, c@d", "A <a@b>\r\nBcc: c@d", "a\n@b", '"A" <a@b>'])(
    "refuse MAIL_FROM=%j",
    (MAIL_FROM) => expect(problemWith({ MAIL_FROM })).toContain("MAIL_FROM is"),
  );
  it("take whom to tell of contact messages as a list", () => {
    expect(readSettings({ CONTACT_TO: "a@example.com, b@example.com" }).CONTACT_TO).toEqual([
      "a@example.com",
      "b@example.com",
    ]);
    expect(problemWith({ CONTACT_TO: "a@example.com, b" })).toContain("CONTACT_TO is");
  });
  it.each(["short", "a".repeat(64), "ab".repeat(32), `${strong},weak`])(
    "refuse the weak SESSION_SECRET %s",
    (value) => {
      expect(problemWith({ SESSION_SECRET: value })).toContain("SESSION_SECRET is a value of");
      expect(problemWith({ SESSION_SECRET: value })).not.toContain(value);
    },
  );
  it("take several secrets, the first of which signs", () => {
    expect(readSettings({ SESSION_SECRET: `${strong}, ${strong}2` }).SESSION_SECRET).toEqual([
      strong,
      `${strong}2`,
    ]);
  });
  it("take secrets of webhooks however short, several, and of single providers", () => {
    expect(readSettings({ WEBHOOK_SECRET: "change-me, new" }).WEBHOOK_SECRET).toEqual(["change-me", "new"]);
    expect(readSettings({ WEBHOOK_SECRETS: "github=a=b, stripe=whsec_c,github=d" }).WEBHOOK_SECRETS).toEqual([
      { provider: "github", secret: "a=b" },
      { provider: "stripe", secret: "whsec_c" },
      { provider: "github", secret: "d" },
    ]);
  });
  it.each(["github", "=secret", "github=", "github=secret,", "git hub=secret"])(
    "refuse WEBHOOK_SECRETS=%s without repeating it",
    (value) => {
      expect(problemWith({ WEBHOOK_SECRETS: value })).toContain("WEBHOOK_SECRETS is a value of");
      expect(problemWith({ WEBHOOK_SECRETS: value })).not.toContain("=secret;");
    },
  );
  it("refuse a secret of nothing, with which anybody could sign", () => {
    expect(problemWith({ WEBHOOK_SECRET: "change-me,," })).toContain("WEBHOOK_SECRET is a value of");
  });
  it("all stand in .env.example with their default, and nothing else does", () => {
    const lines = readFileSync(".env.example", "utf8").matchAll(/^# ?([A-Z_]+)=(.*)$/gm);
    const listed = Object.fromEntries([...lines].map(([, name, value]) => [name, value]));
    const expected = Object.entries(SETTINGS).map(([name, setting]) => [name, setting.default ?? ""]);
    expect(listed).toEqual(Object.fromEntries(expected));
  });
  it("are explained in .env.example in the words of the schema", () => {
    const example = readFileSync(".env.example", "utf8");
    for (const { help } of Object.values(SETTINGS)) expect(example).toContain(help);
  });
});

describe("the kept secret", () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tenfold-secret-"));
    file = join(folder, "data", "session-secret");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("is made once, readable by its owner only, and stays the same", () => {
    const secret = keptSecret(file);
    expect(secret.length).toBeGreaterThanOrEqual(32);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(keptSecret(file)).toBe(secret);
  });
  it("is one for two processes that make it at the same moment: neither finds half of it", () => {
    const write = fs.writeFileSync;
    let others = "";
    vi.spyOn(fs, "writeFileSync").mockImplementationOnce((path, text, options) => {
      write(path, "", options);
      others = keptSecret(file);
      fs.appendFileSync(path, text as string);
    });
    syncBuiltinESMExports();
    onTestFinished(() => {
      vi.restoreAllMocks();
      syncBuiltinESMExports();
    });
    expect(keptSecret(file)).toBe(others);
    expect(readdirSync(dirname(file))).toEqual(["session-secret"]);
  });
  it("that was cut short is refused with what to do", () => {
    mkdirSync(dirname(file));
    writeFileSync(file, "x");
    expect(() => keptSecret(file)).toThrow("delete it and a new one is made");
  });
});
