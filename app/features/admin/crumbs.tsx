import { Link } from "@remix-run/react";

/** Where one is in the admin. */
export function Crumbs({ trail }: { trail: [label: string, to: string][] }) {
  return (
    <nav className="crumbs" aria-label="Breadcrumb">
      <ol>
        {[["Admin", "/admin"] as [string, string], ...trail].map(([label, to]) => (
          <li key={to}>
            <Link to={to}>{label}</Link>
          </li>
        ))}
      </ol>
    </nav>
  );
}
