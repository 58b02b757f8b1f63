import { api } from './client.ts';

export const listDevices = () => api.get('/v1/devices');
export const trustDevices = (deviceIds: string[]) => api.post('/v1/devices/trust', { body: { deviceIds } });
export const forgetDevices = (deviceIds: string[]) => api.post('/v1/devices/forget', { body: { deviceIds } });
