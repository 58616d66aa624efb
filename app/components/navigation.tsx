import { Form, useLocation } from "@remix-run/react";
import { type ComponentProps, useEffect, useRef } from "react";
import { useFollowLinks } from "~/components/follow-links";
import { Icon } from "~/components/icon";
import { Progress } from "~/components/progress";
import { features, SITE } from "~/features";

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
  const header = useRef<HTMLElement>(null);
  const menu = useRef<HTMLElement & { hidePopover?(): void }>(null);
  const { key } = useLocation();
  useFollowLinks(header);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the arrival at a page that closes the menu.
  useEffect(() => menu.current?.hidePopover?.(), [key]);
  return (
    <header className="side" ref={header}>
      <Progress />
      <a className="brand" href="/" data-discover="1">
        <Icon name="brand" />
        {SITE}
      </a>
      {user && <Bell unseen={user.unseen} />}
      <button type="button" className="button menu" {...opener}>
        Menu
      </button>
      <nav id="menu" ref={menu} aria-label="Features" {...popover}>
        {features.map(({ name, title, path, hue }) => (
          <NavigationLink key={name} href={path} data-hue={hue}>
            <Icon name={name} />
            {title}
          </NavigationLink>
        ))}
        <div className="account">
          {user?.isStaff && (
            <NavigationLink href="/admin" className="wide">
              <Icon name="admin" />
              Admin
            </NavigationLink>
          )}
          {user ? (
            <>
              <NavigationLink href="/accounts" aria-label={`Your account, ${user.name}`}>
                <Icon name="account" />
                <span>{user.name}</span>
              </NavigationLink>
              <Form method="post" action="/accounts/logout">
                <button type="submit" className="button quiet">
                  Sign out
                </button>
              </Form>
            </>
          ) : (
            <NavigationLink href="/accounts/login">
              <Icon name="account" />
              Sign in
            </NavigationLink>
          )}
        </div>
      </nav>
    </header>
  );
}

/** A link that says where one is: at its page or one below. */
function NavigationLink({ href, ...rest }: ComponentProps<"a"> & { href: string }) {
  const { pathname } = useLocation();
  const isHere = pathname === href || pathname.startsWith(`${href}/`);
  return <a href={href} aria-current={isHere ? "page" : undefined} data-discover="1" {...rest} />;
}

/** Leads to what is new. */
function Bell({ unseen }: { unseen: number }) {
  const count = unseen > 99 ? "99+" : String(unseen);
  return (
    <NavigationLink
      className="bell"
      href="/notifications"
      aria-label={`Notifications, ${unseen ? count : "none"} new`}
    >
      <Icon name="bell" />
      {unseen > 0 && <b>{count}</b>}
    </NavigationLink>
  );
}
