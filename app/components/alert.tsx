import { type ReactNode, useEffect, useRef } from "react";

interface AlertProps {
  /** Of its heading. */
  id: string;
  title: string;
  /** What it tells of: something else takes the focus again. */
  news: unknown;
  children: ReactNode;
}

/** Says what has just happened, and takes the focus: `autofocus` without JavaScript, an effect with it. */
export function Alert({ id, title, news, children }: AlertProps) {
  const section = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the news that take the focus.
  useEffect(() => section.current?.focus(), [news]);
  return (
    <section
      className="problem"
      role="alert"
      tabIndex={-1}
      ref={section}
      aria-labelledby={id}
      // biome-ignore lint/a11y/noAutofocus: it says what has just happened.
      autoFocus
    >
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}
