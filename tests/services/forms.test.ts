import { describe, expect, it } from "vitest";
import { z } from "zod";
import { invalid, readForm, secretField } from "~/services/forms.server";
import { call, post } from "../helpers/call";

const schema = z.object({
  name: z.string("Enter a name").min(1, "Enter a name").max(3, "Too long").regex(/^a/, "Begin with a"),
  age: z.coerce.number("Enter your age in years").int("Enter your age in years"),
});
const read = (fields: Record<string, string>) => readForm(post("/", fields), schema);
const body = (type: string, text: string) =>
  new Request("http://tenfold.test/", { method: "POST", headers: { "Content-Type": type }, body: text });

describe("a form", () => {
  it("that fits its schema gives its value, without fields that the schema does not name", async () => {
    expect(await read({ name: "ada", age: "36", admin: "true" })).toEqual({
      value: { name: "ada", age: 36 },
      typed: { name: "ada", age: "36" },
    });
  });
  it("that does not gives what was typed, and one message a field in the fields' order", async () => {
    expect(await read({ age: "old", name: "xxxx" })).toEqual({
      problem: {
        values: { name: "xxxx", age: "old" },
        errors: [
          { name: "name", message: "Too long" },
          { name: "age", message: "Enter your age in years" },
        ],
      },
    });
  });
  it("never gives a secret back, taken or refused", async () => {
    const schema = z.object({ name: z.string().min(3, "Too short"), password: secretField("Enter it") });
    const fields = { name: "x", password: "open sesame" };
    expect((await readForm(post("/", fields), schema)).problem?.values).toEqual({ name: "x" });
    expect((await readForm(post("/", { ...fields, name: "ada" }), schema)).typed).toEqual({ name: "ada" });
  });
  it("without a field says so at the field", async () => {
    const { problem } = await read({});
    expect(problem?.errors[0]).toEqual({ name: "name", message: "Enter a name" });
  });
  it("that was refused is answered with 422", async () => {
    const problem = { values: {}, errors: [] };
    expect(await call(() => invalid(problem), post("/"))).toMatchObject({ status: 422, data: { problem } });
  });
  it("sent as multipart is read alike", async () => {
    const fields = new FormData();
    fields.set("name", "ada");
    fields.set("age", "36");
    const request = new Request("http://tenfold.test/", { method: "POST", body: fields });
    expect((await readForm(request, schema)).value).toEqual({ name: "ada", age: 36 });
  });
  it.each([
    ["broken percent-encoding", body("application/x-www-form-urlencoded", "name=%E0%A4%A")],
    ["percent-encoded bytes that are no UTF-8", body("application/x-www-form-urlencoded", "name=%ff")],
    ["multipart without a boundary", body("multipart/form-data", "name=ada")],
    [
      "multipart that stops half-way",
      body("multipart/form-data; boundary=x", '--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nad'),
    ],
    ["another content type", body("application/json", "{}")],
    ["a content type that only begins like a form's", body("application/x-www-form-urlencodedx", "name=ada")],
    ["more than 10,000 fields", body("application/x-www-form-urlencoded", "name=ada&".repeat(10_001))],
    ["no content type", body("", "name=ada")],
  ])("with %s is a 400", async (_, request) => {
    expect(await call(() => readForm(request, schema), request)).toMatchObject({ status: 400 });
  });
});
