/** The texts of what helps somebody in: emailed links, a forgotten password, codes that do not come. */
export const help = {
  newPassword: {
    label: 'New password',
    hint: 'At least 8 characters, of any kind, also spaces. Longer is better.',
    missing: 'Enter a new password.',
    tooShort: 'Choose at least 8 characters.',
    common: 'This is one of the most common passwords. Choose another one.',
    ownName: 'Do not choose your login name or your email address.',
    weak: 'This password is too easy to guess. Choose another one.',
    current: 'Current password',
    currentMissing: 'Enter your current password.',
  },

  forgot: {
    title: 'Forgot your password?',
    lead: 'Enter your login name. We email you a link by which you choose a new password.',
    missing: 'Enter your login name.',
    submit: 'Send link',
    sentTitle: 'Look into your mailbox',
    sent: (loginName: string) => `If there is a login “${loginName}”, a link is on its way to its email address. It works for 30 minutes.`,
    nothingCame: 'Nothing came? Look among the spam, and check the login name. Without access to that mailbox, only your service provider can help.',
    otherName: 'Use another name',
    toSignIn: 'Back to sign-in',
  },

  link: {
    overTitle: 'This link does not work any more',
    over: 'It was used already, a newer one took its place, or it is too old.',
    incompleteTitle: 'This link is not whole',
    incomplete: 'Open it from the email again, or copy all of it into the address bar.',
    askAgain: 'Ask for a new link',
    overInvitation: 'Do you have your password already? Then sign in. If not, ask the person who invited you to send the invitation again.',
    overNewPassword: 'You can have a new one sent.',
    overNotMe: 'If you have told us already, your login is safe. If not, choose a new password: that signs everybody out too.',
    chooseNewPassword: 'Choose a new password',
    signIn: 'Sign in',
  },

  invitation: {
    title: 'Welcome. Choose your password',
    lead: 'Somebody made a login for you. It is yours once it has a password, which nobody but you should know.',
    submit: 'Save password',
    doneTitle: 'Your login is ready',
    done: 'Sign in with your login name, which is in the email, and your new password.',
  },

  resetPassword: {
    title: 'Choose a new password',
    lead: 'The old one stops working, and everybody who is signed in with it is signed out.',
    submit: 'Change password',
    doneTitle: 'Your password is changed',
    done: 'Every session was ended. Sign in with the new password; where two-factor is on, a code is asked as ever.',
  },

  notMe: {
    title: 'This wasn’t you?',
    lead: 'Then make your login safe now. When you press the button:',
    does: [
      'everybody is signed out of your login, on every device,',
      'no device is trusted any more,',
      'the password stops working until you choose a new one by a link in your mailbox.',
    ],
    wasMe: 'If it was you after all, just close this page: nothing has happened.',
    submit: 'Make my login safe',
    doneTitle: 'Everybody is signed out',
    doneLead: 'Your login is locked until you choose a new password. What to do next:',
    next: [
      'Have a link sent and choose a password that you use nowhere else.',
      'Sign in, and look at your methods: remove a phone number or an email address that is not yours.',
      'Look at the activity, which tells what was done, and from where.',
    ],
    sendLink: 'Choose a new password',
  },

  newPasswordRequired: {
    title: 'Choose a new password first',
    text: 'Somebody told us that a sign-in or a change was not theirs, so this password does not work any more. We emailed you a link to choose a new one. It works for 30 minutes.',
  },

  provider: {
    title: 'Ask your service provider',
    onlyEmail: 'Email is your only method, so there is no second way that we could check. Your service provider knows you and can turn two-factor off for you.',
    noMailbox: 'This login has no mailbox that we could send a code or a link to. Your service provider knows you and can help.',
    name: 'Name',
    phone: 'Phone',
    email: 'Email',
  },

  reset: {
    title: 'Can’t get codes?',
    lead: 'You have shown that you know your password. With a code that we send to the mailbox of your login, you can turn two-factor off and get in. That also',
    does: ['forgets your methods, recovery codes and trusted devices,', 'signs out everybody else who is in your login,', 'tells every address of your login that it was done.'],
    haveRecoveryCodes: 'Did you keep recovery codes? One of them is enough, and nothing is turned off.',
    submit: 'Email me a code',
    otherWay: 'Back to the code',
    enterTitle: 'Enter the code from the email',
    enterLead: 'We are emailing a 6-digit code to the mailbox of your login.',
    confirm: 'Turn off two-factor and sign in',
    doneTitle: 'You are in, and two-factor is off',
    done: 'Your password alone protects your login now. Set two-factor up again with a phone or an app that you have.',
    doneRequired: 'Your service provider requires two-factor: set it up again to go on, with a phone or an app that you have.',
    later: 'Later',
  },

  suggestion: {
    title: 'Make your login safer',
    text: 'Your service provider suggests two-factor: besides your password, a code that only you get. Somebody who finds out your password then still stays outside.',
    later: 'Not now',
  },
};
