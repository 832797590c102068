import { Outlet, useMatches } from '@tanstack/react-router';
import { useSession } from '../api/session';
import { Frame } from '../ui/Frame';
import { Stream } from '../ui/Stream';

/** The frame around every page of a signed-in person. */
export function Shell() {
  const session = useSession();
  const fills = useMatches({ select: (matches) => matches.some((match) => match.staticData.fills === true) });
  return (
    <Frame fills={fills} demo={session.data?.demo ?? false}>
      <Stream />
      <Outlet />
    </Frame>
  );
}
