import { useEffect, useState } from "react";

/** Milliseconds that it says so. */
const SAID = 2_000;

/** Copies a text; not there without JavaScript, where one selects it. */
export function CopyButton({ text, label = "Copy" }: { text: string; label?: string }) {
  const [isHere, setIsHere] = useState(false);
  const [isCopied, setIsCopied] = useState(false);
  // A browser has no clipboard for a page that came without encryption from elsewhere.
  useEffect(() => setIsHere(Boolean(navigator.clipboard)), []);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setIsCopied(false), SAID);
    return () => clearTimeout(timer);
  }, [isCopied]);
  if (!isHere) return null;
  const copy = () => navigator.clipboard.writeText(text).then(() => setIsCopied(true));
  return (
    <button type="button" className="button quiet" onClick={copy}>
      <span aria-live="polite">{isCopied ? "Copied" : label}</span>
    </button>
  );
}
