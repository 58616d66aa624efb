/** Who may use a URL: the rows of the table in tests/house/access.test.ts. Each feature has its own. */

export const ROLES = ["anonymous", "user", "staff", "superuser"] as const;
export type Role = (typeof ROLES)[number];

/** The page itself answers; the login; "you may not" (403); the answer of what does not exist (404). */
export type Verdict = "open" | "login" | "forbidden" | "hidden";

export interface AccessRow {
  /** Method and URL as `manage routes` prints them. */
  url: string;
  verdicts: Record<Role, Verdict>;
  /** What stands for the parameters: by default 1. */
  path?: string;
  /** What it takes where no page of the demo data has its form: fields and what they may hold. */
  fields?: Record<string, string>;
  /** Open also where REQUIRE_LOGIN makes the site private. */
  public?: boolean;
}

const all = (verdict: Verdict) => ({
  anonymous: verdict,
  user: verdict,
  staff: verdict,
  superuser: verdict,
});

export const everybody = all("open");
export const nobody = all("hidden");
export const signedIn = { ...everybody, anonymous: "login" } as const;
export const staffOnly = { ...signedIn, user: "forbidden" } as const;

/** Staff who have no permission for it do not find it. */
export const superuserOnly = { ...staffOnly, staff: "hidden" } as const;
