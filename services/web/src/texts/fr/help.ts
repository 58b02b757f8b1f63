import type { HelpTexts } from '../page-texts.ts';

/** The texts of what helps somebody in: emailed links, a forgotten password, codes that do not come. */
export const help: HelpTexts = {
  newPassword: {
    label: 'Nouveau mot de passe',
    hint: 'Au moins 8 caractères de toute sorte, espaces compris. Plus il est long, mieux c’est.',
    missing: 'Saisissez un nouveau mot de passe.',
    tooShort: 'Choisissez au moins 8 caractères.',
    common: 'C’est l’un des mots de passe les plus courants. Choisissez-en un autre.',
    ownName: 'Ne choisissez ni votre identifiant ni votre adresse e-mail.',
    weak: 'Ce mot de passe est trop facile à deviner. Choisissez-en un autre.',
    current: 'Mot de passe actuel',
    currentMissing: 'Saisissez votre mot de passe actuel.',
  },

  forgot: {
    title: 'Mot de passe oublié ?',
    lead: 'Saisissez votre identifiant. Nous vous enverrons par e-mail un lien pour choisir un nouveau mot de passe.',
    missing: 'Saisissez votre identifiant.',
    submit: 'Envoyer le lien',
    sentTitle: 'Consultez vos e-mails',
    sent: (loginName) => `Si l’identifiant « ${loginName} » existe, un lien est en route vers son adresse e-mail. Il est valable 30 minutes.`,
    nothingCame: 'Rien n’est arrivé ? Regardez dans les indésirables et vérifiez l’identifiant. Sans accès à cette boîte e-mail, seul votre prestataire peut vous aider.',
    otherName: 'Utiliser un autre identifiant',
    toSignIn: 'Retour à la connexion',
  },

  link: {
    overTitle: 'Ce lien ne fonctionne plus',
    over: 'Il a déjà été utilisé, un plus récent l’a remplacé, ou il est trop ancien.',
    incompleteTitle: 'Ce lien est incomplet',
    incomplete: 'Ouvrez-le de nouveau depuis l’e-mail, ou copiez-le en entier dans la barre d’adresse.',
    askAgain: 'Demander un nouveau lien',
    overInvitation: 'Avez-vous déjà votre mot de passe ? Alors connectez-vous. Sinon, demandez à la personne qui vous a invité de renvoyer l’invitation.',
    overNewPassword: 'Vous pouvez en demander un nouveau.',
    overNotMe: 'Si vous nous avez déjà prévenus, votre accès est en sécurité. Sinon, choisissez un nouveau mot de passe : cela déconnecte aussi tout le monde.',
    chooseNewPassword: 'Choisir un nouveau mot de passe',
    signIn: 'Se connecter',
  },

  invitation: {
    title: 'Bienvenue. Choisissez votre mot de passe',
    lead: 'Quelqu’un a créé un accès pour vous. Il sera à vous dès qu’il aura un mot de passe, que personne d’autre ne doit connaître.',
    submit: 'Enregistrer',
    doneTitle: 'Votre accès est prêt',
    done: 'Connectez-vous avec votre identifiant, indiqué dans l’e-mail, et votre nouveau mot de passe.',
  },

  resetPassword: {
    title: 'Choisissez un nouveau mot de passe',
    lead: 'L’ancien ne fonctionnera plus, et toutes les sessions ouvertes avec lui seront fermées.',
    submit: 'Changer le mot de passe',
    doneTitle: 'Votre mot de passe a été changé',
    done: 'Toutes les sessions ont été fermées. Connectez-vous avec le nouveau mot de passe ; si la double authentification est activée, un code vous sera demandé comme d’habitude.',
  },

  notMe: {
    title: 'Ce n’était pas vous ?',
    lead: 'Alors protégez votre accès maintenant. Quand vous appuierez sur le bouton :',
    does: [
      'tous les appareils seront déconnectés de votre accès,',
      'plus aucun appareil ne sera de confiance,',
      'le mot de passe ne fonctionnera plus, jusqu’à ce que vous en choisissiez un autre avec un lien envoyé à votre boîte e-mail.',
    ],
    wasMe: 'Si c’était vous finalement, fermez simplement cette page : rien n’a changé.',
    submit: 'Protéger mon accès',
    doneTitle: 'Tous les appareils sont déconnectés',
    doneLead: 'Votre accès est bloqué jusqu’à ce que vous choisissiez un nouveau mot de passe. Ce qu’il faut faire maintenant :',
    next: [
      'Demandez un lien et choisissez un mot de passe que vous n’utilisez nulle part ailleurs.',
      'Connectez-vous et vérifiez vos méthodes : retirez tout numéro de téléphone ou toute adresse e-mail qui n’est pas à vous.',
      'Consultez l’activité : elle dit ce qui a été fait, et d’où.',
    ],
    sendLink: 'Choisir un nouveau mot de passe',
  },

  newPasswordRequired: {
    title: 'Choisissez d’abord un nouveau mot de passe',
    text: 'Quelqu’un nous a signalé qu’une connexion ou un changement ne venait pas de lui : ce mot de passe ne fonctionne donc plus. Nous vous avons envoyé par e-mail un lien pour en choisir un nouveau. Il est valable 30 minutes.',
  },

  provider: {
    title: 'Demandez à votre prestataire',
    onlyEmail: 'L’e-mail est votre seule méthode : nous n’avons pas d’autre moyen de vérifier que c’est vous. Votre prestataire vous connaît et peut désactiver la double authentification pour vous.',
    noMailbox: 'Cet accès n’a pas de boîte e-mail où nous pourrions envoyer un code ou un lien. Votre prestataire vous connaît et peut vous aider.',
    name: 'Nom',
    phone: 'Téléphone',
    email: 'E-mail',
  },

  reset: {
    title: 'Vous ne recevez pas de codes ?',
    lead: 'Vous avez montré que vous connaissez votre mot de passe. Avec un code envoyé à la boîte e-mail de votre accès, vous pouvez désactiver la double authentification et vous connecter. De plus :',
    does: [
      'vos méthodes, codes de récupération et appareils de confiance sont oubliés,',
      'toute autre personne connectée à votre accès est déconnectée,',
      'toutes les adresses de votre accès en sont informées.',
    ],
    haveRecoveryCodes: 'Avez-vous gardé des codes de récupération ? Un seul suffit, et rien n’est désactivé.',
    submit: 'M’envoyer un code par e-mail',
    otherWay: 'Retour au code',
    enterTitle: 'Saisissez le code reçu par e-mail',
    enterLead: 'Nous envoyons un code à 6 chiffres à la boîte e-mail de votre accès.',
    confirm: 'Désactiver et se connecter',
    doneTitle: 'Vous êtes connecté, et la double authentification est désactivée',
    done: 'Votre mot de passe seul protège maintenant votre accès. Configurez de nouveau la double authentification avec un téléphone ou une application que vous avez.',
    doneRequired: 'Votre prestataire exige la double authentification : pour continuer, configurez-la de nouveau avec un téléphone ou une application que vous avez.',
    later: 'Plus tard',
  },

  suggestion: {
    title: 'Protégez mieux votre accès',
    text: 'Votre prestataire suggère la double authentification : en plus de votre mot de passe, un code que vous seul recevez. Même quelqu’un qui découvre votre mot de passe reste alors dehors.',
    later: 'Pas maintenant',
  },
};
