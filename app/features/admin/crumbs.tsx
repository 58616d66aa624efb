import { Link, useLocation } from "@remix-run/react";

/** Where one is in the admin. What belongs to a model leads back to the list as one came from it. */
export function Crumbs({ trail }: { trail: [label: string, to: string][] }) {
  const { search } = useLocation();
  const ofModel = trail.map(([label, to]) => [label, to + search] as const);
  return (
    <nav className="crumbs" aria-label="Breadcrumb">
      <ol>
        {[["Admin", "/admin"] as const, ...ofModel].map(([label, to]) => (
          <li key={to}>
            <Link to={to}>{label}</Link>
          </li>
        ))}
      </ol>
    </nav>
  );
}
