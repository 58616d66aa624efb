/** Assignment 07: the contact form, and the message that is shown once. */
import { expect, it } from "vitest";
import { superuser, tag, visitor } from "./site";

const FILLED = {
  email: `ada-${tag}@example.com`,
  topic: `Opening hours ${tag}`,
  message: "When do you open?",
};
const somebody = visitor();

const send = async (entries: typeof FILLED) =>
  (await somebody.open("/contact")).press("Send message", entries);

it("1. the page has the form, and no message", async () => {
  const page = await somebody.open("/contact");
  expect([page.status, page.message]).toEqual([200, ""]);
  expect(page.button("Send message").form?.method).toBe("post");
});
it("2. all fields filled in, the page that it leads to says that the message was sent", async () => {
  const page = await send(FILLED);
  expect([page.redirects, page.status, page.path]).toEqual([[303], 200, "/contact"]);
  expect(page.message).toMatch(/^Message sent\./);
});
it("3. refreshed, the page says it no more", async () => {
  expect((await somebody.open("/contact")).message).toBe("");
});
it("3. staff have the message once", async () => {
  const inbox = await superuser().open(`/admin/contact/message?q=${tag}`);
  expect(inbox.rows(FILLED.topic)).toHaveLength(1);
});
it.each(["email", "topic", "message"] as const)(
  "4. without its %s the form comes back, says so at the field, and has kept the rest",
  async (empty) => {
    const page = await send({ ...FILLED, [empty]: "" });
    expect([page.redirects, page.status, page.message]).toEqual([[], 422, ""]);
    const error = page.find(`#${empty}-error`).text;
    expect(error).not.toBe("");
    expect(page.rows(error)).toHaveLength(1);
    for (const [name, typed] of Object.entries(FILLED).filter(([name]) => name !== empty)) {
      const { element } = page.find(`[name=${name}]`);
      expect(element.getAttribute("value") ?? element.textContent?.trim()).toBe(typed);
    }
  },
);
