import { createRemixStub } from "@remix-run/testing";
import { fireEvent, render, screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import Person from "~/features/profile/person";
import ProfilePage from "~/features/profile/profile";

const SAVED = {
  displayName: "Ada Lovelace",
  bio: "One\nTwo",
  avatar: "/media/avatars/x.webp",
  updatedAt: new Date(0),
};

async function show(answer: { owner: string; profile: typeof SAVED | null }) {
  const Stub = createRemixStub([{ path: "/profile", Component: ProfilePage, loader: () => answer }]);
  const { container } = render(<Stub initialEntries={["/profile"]} />);
  await screen.findByRole("heading", { level: 1 });
  return container;
}
const text = (name: string) => screen.getByLabelText<HTMLInputElement>(name);

describe("the page of a profile", () => {
  it("is an empty form before the first save, with nothing to remove", async () => {
    const container = await show({ owner: "", profile: null });
    expect([text("Display name").value, text("Bio").value]).toEqual(["", ""]);
    expect(screen.queryByLabelText("Remove picture")).toBeNull();
    expect(screen.queryByText(/Last saved/)).toBeNull();
    expect(container.querySelector("img")).toBeNull();
  });
  it("shows what was saved, and says whose it is", async () => {
    const container = await show({ owner: "ada", profile: SAVED });
    expect([text("Display name").value, text("Bio").value]).toEqual(["Ada Lovelace", "One\nTwo"]);
    expect(container.querySelector("img")?.getAttribute("src")).toBe("/media/avatars/x.webp");
    expect(screen.getByRole("heading", { name: "Your profile" })).toBeTruthy();
    expect(screen.getByRole("link", { name: "See it as others do" }).getAttribute("href")).toBe(
      "/people/ada",
    );
    expect(container.querySelector<HTMLInputElement>('input[name="owner"]')?.value).toBe("ada");
  });
  it("is one form, sent as multipart, with a tick that takes the picture away", async () => {
    const container = await show({ owner: "ada", profile: SAVED });
    const [form, ...others] = [...container.querySelectorAll("form")];
    expect([form?.enctype, others]).toEqual(["multipart/form-data", []]);
    const remove = screen.getByLabelText<HTMLInputElement>("Remove picture");
    expect([remove.form, remove.checked]).toEqual([form, false]);
  });
});

describe("choosing a picture", () => {
  beforeEach(() => {
    // jsdom has no URLs of what is in memory.
    URL.createObjectURL = vi.fn(() => "blob:chosen");
    URL.revokeObjectURL = vi.fn();
  });
  const choose = (size: number) => {
    const file = new File(["x"], "me.png", { type: "image/png" });
    Object.defineProperty(file, "size", { value: size });
    fireEvent.change(text("Picture"), { target: { files: [file] } });
  };

  it("shows it before it is sent", async () => {
    const container = await show({ owner: "ada", profile: SAVED });
    choose(1000);
    expect(container.querySelector("img")?.getAttribute("src")).toBe("blob:chosen");
  });
  it("that is too large says so at once, in the server's words, and does not send it", async () => {
    const container = await show({ owner: "ada", profile: SAVED });
    choose(5 * 2 ** 20 + 1);
    const words = "The picture must be smaller than 5 MB";
    expect(screen.getByText(words).id).toBe("avatar-error");
    expect(text("Picture").getAttribute("aria-describedby")).toContain("avatar-error");
    expect(text("Picture").validationMessage).toBe(words);
    expect(container.querySelector("img")?.getAttribute("src")).toBe("/media/avatars/x.webp");
    choose(1000);
    expect(screen.queryByText(words)).toBeNull();
    expect(text("Picture").validationMessage).toBe("");
  });
});

describe("the page of a person", () => {
  const show = async (answer: object) => {
    const base = { username: "ada", displayName: "Ada <b>", bio: "", avatar: null, isOwn: false };
    const loader = () => ({ ...base, ...answer });
    const Stub = createRemixStub([{ path: "/people/:username", Component: Person, loader }]);
    const { container } = render(<Stub initialEntries={["/people/ada"]} />);
    await screen.findByRole("heading", { level: 1 });
    return container;
  };
  it("shows name, user name and bio as text", async () => {
    const container = await show({ bio: "<script>alert(1)</script>" });
    expect(screen.getByRole("heading", { name: "Ada <b>" })).toBeTruthy();
    expect(within(container).getByText("ada")).toBeTruthy();
    expect(screen.getByText("<script>alert(1)</script>")).toBeTruthy();
  });
  it("has initials without a picture, and a word where there is no bio", async () => {
    const container = await show({});
    expect(container.querySelector("svg text")?.textContent).toBe("AB");
    expect(screen.getByText("Nothing more is told here.")).toBeTruthy();
  });
  it.each([
    [true, ["/profile"]],
    [false, []],
  ])("leads to the form for whose it is: %s", async (isOwn, hrefs) => {
    await show({ isOwn });
    expect(screen.queryAllByRole("link", { name: "Edit" }).map((link) => link.getAttribute("href"))).toEqual(
      hrefs,
    );
  });
});
