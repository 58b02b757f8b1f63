const key = 'latchkey.signed-in';

/**
 * Whether this browser was last seen signed in. The session's cookie is hidden from scripts, and asking who is signed in would
 * answer most who come to the sign-in page with a 401, which browsers note as an error. Without storage, who knows.
 */
export function maybeSignedIn(): boolean {
  try {
    return localStorage.getItem(key) !== null;
  } catch {
    return true;
  }
}

export function noteSignedIn(signedIn: boolean): void {
  try {
    if (signedIn) localStorage.setItem(key, '');
    else localStorage.removeItem(key);
  } catch {
    // Then the sign-in page asks each time.
  }
}
