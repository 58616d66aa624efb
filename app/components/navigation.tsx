import { Form, Link, NavLink, useLocation } from "@remix-run/react";
import { useEffect, useRef } from "react";
import { Icon } from "~/components/icon";
import { Progress } from "~/components/progress";
import { features } from "~/features";

/** React 18 does not know these attributes of the HTML standard by type. */
const popover = { popover: "auto" };
const opener = { popovertarget: "menu" };

/** Who is signed in. */
export interface NavigationUser {
  name: string;
  isStaff: boolean;
  /** How many notifications they have not seen; 100 are 100 or more. */
  unseen: number;
}

/** The site's pages: beside the content on wide screens, behind a button on narrow ones, without JavaScript. */
export function Navigation({ user }: { user: NavigationUser | null }) {
  const menu = useRef<HTMLElement & { hidePopover?(): void }>(null);
  const { key } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the arrival at a page that closes the menu.
  useEffect(() => menu.current?.hidePopover?.(), [key]);
  return (
    <header className="side">
      <Progress />
      <Link className="brand" to="/">
        <Icon name="brand" />
        Tenfold
      </Link>
      {user && <Bell unseen={user.unseen} />}
      <button type="button" className="button menu" {...opener}>
        Menu
      </button>
      <nav id="menu" ref={menu} aria-label="Features" {...popover}>
        {features.map(
          ({ name, title, path, hue }) =>
            path && (
              <NavLink key={name} to={path} data-hue={hue}>
                <Icon name={name} />
                {title}
              </NavLink>
            ),
        )}
        <div className="account">
          {user?.isStaff && (
            <NavLink to="/admin" className="wide">
              <Icon name="admin" />
              Admin
            </NavLink>
          )}
          {user ? (
            <>
              <NavLink to="/accounts" aria-label={`Your account, ${user.name}`}>
                <Icon name="account" />
                <span>{user.name}</span>
              </NavLink>
              <Form method="post" action="/accounts/logout">
                <button type="submit" className="button quiet">
                  Sign out
                </button>
              </Form>
            </>
          ) : (
            <NavLink to="/accounts/login">
              <Icon name="account" />
              Sign in
            </NavLink>
          )}
        </div>
      </nav>
    </header>
  );
}

/** Leads to what is new. */
function Bell({ unseen }: { unseen: number }) {
  const count = unseen > 99 ? "99+" : String(unseen);
  return (
    <NavLink
      className="bell"
      to="/notifications"
      aria-label={`Notifications, ${unseen ? count : "none"} new`}
    >
      <Icon name="bell" />
      {unseen > 0 && <b>{count}</b>}
    </NavLink>
  );
}
