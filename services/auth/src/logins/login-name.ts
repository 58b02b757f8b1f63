/** What makes two login names the same: compatibility forms and case do not tell people apart. */
export const loginNameKey = (loginName: string): string => loginName.normalize('NFKC').toLowerCase().normalize('NFKC').trim();
