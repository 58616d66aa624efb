import type { ReactNode } from "react";

/** What cannot be undone, behind a button that discloses it: two steps, also without JavaScript. */
export const Confirm = ({
  label,
  of,
  children,
}: {
  label: string;
  /** The id of what it is about, where there are several. */
  of?: string;
  children: ReactNode;
}) => (
  <details className="confirm">
    <summary className="button quiet" aria-describedby={of}>
      {label}
    </summary>
    {children}
  </details>
);
