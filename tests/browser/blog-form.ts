/** The form of a post, as the stories of the blog fill it in. */
import { expect } from "vitest";
import type { Visit } from "../helpers/browser";

export const fill = async ({ page }: Visit, title: string, content = "Some *text*") => {
  await page.getByLabel("Title").fill(title);
  await page.getByLabel("Content").fill(content);
};
export const press = ({ page }: Visit, name: string) =>
  page.getByRole("button", { name, exact: true }).click();
export const content = ({ page }: Visit) => page.getByLabel("Content");

/** Sends the form of a new post without opening it. */
export async function publish(
  { page, server }: Visit,
  title: string,
  content = "Some *text*",
  state = "published",
) {
  const form = { title, content, state };
  const headers = { Origin: server.url };
  const answer = await page.request.post("/posts/new", { form, headers, maxRedirects: 0 });
  expect(answer.status()).toBe(303);
  return answer.headers().location!;
}
