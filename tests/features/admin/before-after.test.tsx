import { render } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { BeforeAfter } from "~/features/admin/before-after";

/** What the two cells show, marks as [-…-] and [+…+]. */
function shown(before: string | null, after: string | null) {
  const { container } = render(
    <table>
      <tbody>
        <tr>
          <BeforeAfter before={before} after={after} />
        </tr>
      </tbody>
    </table>,
  );
  return [...container.querySelectorAll("td")].map(({ innerHTML }) =>
    innerHTML.replace(/<del>(.*?)<\/del>/s, "[-$1-]").replace(/<ins>(.*?)<\/ins>/s, "[+$1+]"),
  );
}
const words = (count: number, of = "word") => Array.from({ length: count }, (_, n) => `${of}${n}`).join(" ");

describe("before and after", () => {
  it("are shown whole where they are short, and as a dash where there was nothing", () => {
    expect(shown("old title", "new title")).toEqual(["[-old title-]", "[+new title+]"]);
    expect(shown(null, "new")).toEqual(["—", "[+new+]"]);
    expect(shown("gone", null)).toEqual(["[-gone-]", "—"]);
  });
  it("of long texts are what differs, with some of what surrounds it", () => {
    const [before, after] = shown(
      `${words(60)} red ${words(60, "end")}`,
      `${words(60)} dark blue ${words(60, "end")}`,
    );
    expect(before).toMatch(/^… .{40}\[-red -\]end0 .+ …$/s);
    expect(after).toMatch(/^… .{40}\[\+dark blue \+\]end0 .+ …$/s);
    expect(after!.length).toBeLessThan(120);
  });
  it("of a long text that has grown mark only what came", () => {
    const text = words(60);
    const [before, after] = shown(text, `${text} and more`);
    expect([before!.endsWith("[-word59-]"), after!.endsWith("[+word59 and more+]")]).toEqual([true, true]);
  });
  it("of a text that was long and is whole another are both shown", () => {
    const [before, after] = shown(words(60, "a"), words(60, "b"));
    expect([before, after]).toEqual([`[-${words(60, "a")}-]`, `[+${words(60, "b")}+]`]);
  });
});
