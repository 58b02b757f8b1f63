import { acceptInvitation } from '../../api/password.ts';
import { pageTexts } from '../../texts/page-texts.ts';
import { ChoosePassword } from './choose-password.tsx';

/** The invited person's first password. */
export default function InvitationPage() {
  return <ChoosePassword link="invitation" words={pageTexts.invitation} onChoose={acceptInvitation} />;
}
