import { Link } from "@remix-run/react";

/** One of the views of a page. */
export interface Tab<Name extends string = string> {
  name: Name;
  to: string;
  label: string;
}

interface TabsProps<Name extends string> {
  /** What they are of, for those who cannot see it. */
  label: string;
  tabs: readonly Tab<Name>[];
  current: NoInfer<Name>;
  /** Where the page is scrolled to stays. */
  preventScrollReset?: boolean;
}

/** The views of a page, each with its own URL. */
export function Tabs<Name extends string>({ label, tabs, current, preventScrollReset }: TabsProps<Name>) {
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map((tab) => (
        <Link
          key={tab.name}
          to={tab.to}
          aria-current={tab.name === current ? "page" : undefined}
          preventScrollReset={preventScrollReset}
        >
          {tab.label}
        </Link>
      ))}
    </nav>
  );
}
