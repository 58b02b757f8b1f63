import { resetPassword } from '../../api/password.ts';
import { pageTexts } from '../../texts/page-texts.ts';
import { ChoosePassword } from './choose-password.tsx';

/** A new password in place of one that was forgotten, or that somebody else knows. It signs nobody in. */
export default function NewPasswordPage() {
  return <ChoosePassword link="new_password" words={pageTexts.resetPassword} onChoose={resetPassword} />;
}
