import { expect, it } from '@jest/globals';
import { pino } from 'pino';
import { ecoService, FluxoService } from '../../test/eco-service.ts';
import { rpcService } from '../rpc/rpc.ts';
import { createInterceptors } from './interceptors.ts';

it.each(['Contar', 'Ecoar'])('no service starts with a method that streams: %s', (name) => {
  const { service, methods } = rpcService(FluxoService, {
    ...{ acesso: { contar: 'PUBLICO', ecoar: 'PUBLICO' }, impl: {} },
  });
  const streaming = { service, methods: methods.filter(({ spec }) => spec.method.name === name) };
  const verifier = { verify: () => Promise.reject(new Error('no call is made')) };
  const chain = { logger: pino({ level: 'silent' }), verifier };
  expect(() => createInterceptors({ ...chain, services: [ecoService(), streaming] })).toThrow(
    `teste.v1.FluxoService/${name} streams`,
  );
  expect(createInterceptors({ ...chain, services: [ecoService()] })).toHaveLength(7);
});
