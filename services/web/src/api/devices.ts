import type { DeviceList } from '@latchkey/contracts';
import { call } from './client.ts';

export const listDevices = () => call<DeviceList>('GET', '/devices');
export const trustDevices = (deviceIds: string[]) => call<DeviceList>('POST', '/devices/trust', { deviceIds });
export const forgetDevices = (deviceIds: string[]) => call<DeviceList>('POST', '/devices/forget', { deviceIds });
