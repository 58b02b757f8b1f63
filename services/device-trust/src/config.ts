import { commonSettings, databaseSetting, setting } from '@latchkey/platform';
import { z } from 'zod';

export const deviceTrustSettings = z.object({
  ...commonSettings,
  ...databaseSetting,
  LATCHKEY_INTERNAL_PORT: setting.port(8183, 'Health and metrics'),
  LATCHKEY_TRUST_DAYS: setting.count(30, 'Days that trust in a device lasts, counted from when it was given'),
});
export type DeviceTrustSettings = z.infer<typeof deviceTrustSettings>;
