import { useLocation } from 'wouter';
import { acceptInvitation, resetPassword } from '../../api/password.ts';
import { pageTexts } from '../../texts/page-texts.ts';
import { ChoosePassword } from './choose-password.tsx';
import { NotMe } from './say-not-me.tsx';

/** What the links in emails lead to. Opening one does nothing, for mail scanners open them too: a person presses a button. */
export default function EmailedLinkPage() {
  const [path] = useLocation();
  if (path.startsWith('/invitation')) return <ChoosePassword link="invitation" words={pageTexts.invitation} onChoose={acceptInvitation} />;
  if (path.startsWith('/new-password')) return <ChoosePassword link="new_password" words={pageTexts.resetPassword} onChoose={resetPassword} />;
  return <NotMe />;
}
