import { MenuOutlined, PoweroffOutlined, UserOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { type ReactNode, Suspense, useEffect, useState } from "react";
import { Link, NavLink, Outlet, useLocation, useSearchParams } from "react-router";
import type { Scope } from "../../access/viewer.ts";
import { codeOf } from "../api/failure.ts";
import { SESSION_KEY, signOut } from "../api/session.ts";
import { FailureNote } from "../elements/failure-note.tsx";
import { Nothing } from "../elements/nothing.tsx";
import icon from "../icon.svg";
import { useWords, type WordUse } from "../words/use-words.ts";
import { LanguageSwitch } from "./door-page.tsx";
import { menuFor, neededFor } from "./menu.ts";
import { useSessionAnswer } from "./viewer.ts";

const scopeText = (scope: Scope, { t }: WordUse): string => {
  if (scope.is === "agency") return t("frame.agencyScope", { code: scope.agencyCode });
  if (scope.is === "hall") return t("frame.hallScope", { no: scope.hallNo });
  return t("frame.wholeCentral");
};

/** Head, menu and the page chosen. On a wall screen only the page. */
export const ConsoleFrame = (): ReactNode => {
  const words = useWords();
  const { t } = words;
  const location = useLocation();
  const [search] = useSearchParams();
  const { permissions } = useSessionAnswer();
  const [open, setOpen] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whichever page is opened, the menu closes
  useEffect(() => setOpen(false), [location.pathname]);

  const needed = neededFor(location.pathname);
  const page =
    needed !== undefined && !permissions.includes(needed) ? (
      <Nothing title={t("frame.notAllowed")} advice={t("frame.notAllowedAdvice")} />
    ) : (
      <Suspense fallback={<p className="waiting">{t("frame.loading")}</p>}>
        <Outlet />
      </Suspense>
    );
  if (search.get("wall") === "1") return <main className="wall">{page}</main>;
  return (
    <div className="frame" data-menu={open ? "open" : "closed"}>
      <a className="skip" href="#content">
        {t("frame.skip")}
      </a>
      <FrameHead onMenu={() => setOpen(!open)} isOpen={open} />
      <nav className="menu" id="menu" aria-label={t("frame.menu")}>
        {menuFor(permissions).map(({ title, entries }) => (
          <div key={title} className="menu-group">
            <h2>{t(title)}</h2>
            <ul>
              {entries.map((entry) => (
                <li key={entry.path}>
                  <NavLink to={entry.path}>{t(entry.title)}</NavLink>
                </li>
              ))}
            </ul>
          </div>
        ))}
        <p className="menu-foot">{t("frame.chinaTime")}</p>
      </nav>
      <main id="content" className="content" tabIndex={-1}>
        {page}
      </main>
    </div>
  );
};

interface FrameHeadProps {
  readonly onMenu: () => void;
  readonly isOpen: boolean;
}

const FrameHead = ({ onMenu, isOpen }: FrameHeadProps): ReactNode => {
  const words = useWords();
  const { t } = words;
  const queries = useQueryClient();
  const { viewer } = useSessionAnswer();
  const [error, setError] = useState<unknown>(null);
  const leave = async (): Promise<void> => {
    try {
      await signOut();
    } catch (failure) {
      // A session that is over already need not be ended; any other is still open, and its owner must know.
      if (codeOf(failure) !== "WR7050") return setError(failure);
    }
    queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION_KEY[0] });
    queries.setQueryData(SESSION_KEY, null);
  };
  return (
    <header className="head">
      <Button className="menu-button" type="text" icon={<MenuOutlined />} onClick={onMenu} aria-expanded={isOpen} aria-controls="menu">
        {t("frame.menu")}
      </Button>
      <p className="product">
        <img src={icon} alt="" width="28" height="28" /> <span>{t("frame.product")}</span>
      </p>
      <p className="scope">{scopeText(viewer.scope, words)}</p>
      <div className="head-buttons">
        <LanguageSwitch />
        <Link to="/mine" className="head-link">
          <UserOutlined aria-hidden /> {viewer.displayName} · {words.code("role", viewer.role)}
        </Link>
        <Button type="text" icon={<PoweroffOutlined />} onClick={() => void leave()}>
          {t("frame.signOut")}
        </Button>
      </div>
      {error === null ? null : <FailureNote error={error} />}
    </header>
  );
};
