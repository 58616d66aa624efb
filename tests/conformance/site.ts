/** The site under test, known by its address alone, and who visits it. */
import { randomUUID } from "node:crypto";
import { inject } from "vitest";
import { Visitor } from "./visitor";

interface Site {
  /** Of the home page. */
  url: string;
  superuser: { username: string; password: string; cookies: string[] };
  /** What webhooks are signed with. */
  webhookSecret: string;
  /** Where the site asks for the weather, if that is for the tests to answer. */
  weatherUrl: string | null;
}

declare module "vitest" {
  interface ProvidedContext {
    site: Site;
  }
}

export const site = inject("site");

/** Is in the name of whatever these tests make, so that they find nothing else, and delete nothing else. */
export const tag = randomUUID().slice(0, 8);

/** Somebody whom the site has not seen yet. */
export const visitor = () => new Visitor(site.url);

/** The superuser, signed in. */
export function superuser(): Visitor {
  const somebody = visitor();
  somebody.take(site.superuser.cookies);
  return somebody;
}

/** Adds somebody in the admin, without any group. @returns by what they sign in. */
export async function newcomer(admin: Visitor, name: string): Promise<[username: string, password: string]> {
  const username = `${name}-${tag}`;
  const password = randomUUID();
  const form = await admin.open("/admin/accounts/user/add");
  await form.press("Save", { username, password1: password, password2: password });
  return [username, password];
}

/** Deletes what these tests have made from a list of the admin. */
export async function tidy(admin: Visitor, list: string) {
  const page = await admin.open(`${list}?q=${tag}`);
  const id = page.rows(tag).map((row) => row.find("input[name=id]").element.getAttribute("value")!);
  if (id.length === 0) return;
  const question = await page.press("Go", { action: "delete", id });
  await question.press("Yes, do it");
}
