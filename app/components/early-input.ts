type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/**
 * Keeps what a person types and chooses while a page comes alive. Nothing hears it then, and React 18 puts a text area
 * back to the text that it came with (facebook/react#12955; React 19 mends it, facebook/react#33129).
 *
 * @returns what tells the page of it by `input` and `change`, to be called once the page is alive.
 */
export function keepEarlyInput(): () => void {
  const cameWith = new Map<HTMLTextAreaElement, string>();
  const keep = (target: EventTarget | null) => {
    if (!(target instanceof HTMLTextAreaElement) || target.value === target.defaultValue) return;
    if (!cameWith.has(target)) cameWith.set(target, target.defaultValue);
    // React leaves one alone whose text is another than it renders.
    target.defaultValue = target.value;
  };
  const onInput = ({ target }: Event) => keep(target);
  document.addEventListener("input", onInput);
  for (const area of document.querySelectorAll("textarea")) keep(area);
  return () => {
    document.removeEventListener("input", onInput);
    for (const [area, text] of cameWith) area.defaultValue = text;
    for (const control of document.querySelectorAll<Control>("input, select, textarea")) {
      if (!isTouched(control)) continue;
      for (const type of ["input", "change"]) control.dispatchEvent(new Event(type, { bubbles: true }));
    }
  };
}

/** Whether it holds something else than it came with. */
function isTouched(control: Control) {
  if (control instanceof HTMLSelectElement) {
    const options = [...control.options];
    const first =
      control.multiple || options.some(({ defaultSelected }) => defaultSelected) ? null : options[0];
    return options.some((option) => option.selected !== (option.defaultSelected || option === first));
  }
  if (control.type === "checkbox" || control.type === "radio") {
    const { checked, defaultChecked } = control as HTMLInputElement;
    return checked !== defaultChecked;
  }
  // One that holds files has no other value by default.
  return control.value !== control.defaultValue;
}
