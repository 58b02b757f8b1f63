import { z } from 'zod';
import { loginName, password } from './login.ts';

/** The secret of an emailed link: 256 random bits, as letters only, for phones offer any six digits as a code. */
export const linkToken = z.string().regex(/^[a-z]{56}$/i, 'not a token of a link');
/** At least 8 characters (NIST SP 800-63B-4 3.1.1.2); common ones are refused where it is chosen. */
export const newPassword = password.refine((text) => [...text].length >= 8, 'must have at least 8 characters');

export const forgotPasswordRequest = z.strictObject({ loginName }).meta({ id: 'ForgotPasswordRequest' });
export const resetPasswordRequest = z.strictObject({ token: linkToken, newPassword }).meta({ id: 'ResetPasswordRequest' });
export const changePasswordRequest = z.strictObject({ password, newPassword }).meta({ id: 'ChangePasswordRequest' });
export const acceptInvitationRequest = z.strictObject({ token: linkToken, password: newPassword }).meta({ id: 'AcceptInvitationRequest' });
/** "This wasn't me", from the link in a notice. */
export const notMeRequest = z.strictObject({ token: linkToken }).meta({ id: 'NotMeRequest' });
