import { describe, expect, it } from '@jest/globals';
import { EcoService, ecoService, FluxoService, fluxoService } from '../../test/eco-service.ts';
import { harmless, requireHandlers, rpcService } from './rpc.ts';

const acesso = {
  entrar: 'PUBLICO',
  ler: 'AUTENTICADO',
  cotar: 'AUTENTICADO',
  gravar: 'AUTENTICADO',
  administrar: 'AUTENTICADO',
  futuro: 'AUTENTICADO',
  antigo: 'PUBLICO',
} as const;

describe('rpcService', () => {
  it.each(['futuro', 'ler'] as const)(
    'takes no method without an access rule, built or not: %s',
    (metodo) => {
      const { [metodo]: _, ...others } = acesso;
      const incomplete = others as typeof acesso;
      expect(() => rpcService(EcoService, { acesso: incomplete, impl: {} })).toThrow(/ has no access rule$/);
    },
  );

  it('takes no method that changes something of a known caller without how it is repeated', () => {
    const impl = { gravar: () => ({ value: '' }) };
    expect(() => rpcService(EcoService, { acesso, impl })).toThrow(
      'teste.v1.EcoService/Gravar does not say how it is repeated',
    );
    const repeats = { gravar: harmless('it changes nothing') };
    expect(() => rpcService(EcoService, { acesso, impl, repeats })).not.toThrow();
  });

  it('takes no check of rights that is never made: what is carried out again asks by itself', () => {
    const impl = { gravar: () => ({ value: '' }) };
    const repeats = { gravar: harmless('it changes nothing') };
    const direitos = { gravar: async () => {} };
    expect(() => rpcService(EcoService, { acesso, impl, repeats, direitos })).toThrow(
      'teste.v1.EcoService/Gravar is carried out again and never asks for its rights before',
    );
  });

  it('asks that of no read, stream, anonymous call or method without a handler', () => {
    const impl = {
      entrar: () => ({ value: '' }),
      ler: () => ({ value: '' }),
    };
    expect(() => rpcService(EcoService, { acesso, impl })).not.toThrow();
    const streams = {
      acesso: { contar: 'AUTENTICADO', ecoar: 'AUTENTICADO' },
      impl: { async *ecoar() {} },
    } as const;
    expect(() => rpcService(FluxoService, streams)).not.toThrow();
  });

  it('lets no service start with a method that nothing serves', () => {
    const { service, methods } = ecoService();
    const incomplete = {
      service,
      methods: methods.map((method) => ({ ...method, implemented: method.spec.method.name !== 'Futuro' })),
    };
    expect(() => requireHandlers([incomplete])).toThrow('no handler for teste.v1.EcoService/Futuro');
    expect(() => requireHandlers([fluxoService()])).not.toThrow();
  });

  it('binds loaders to their methods', () => {
    const loaded = ecoService().methods.filter(({ load }) => load);
    expect(loaded.map(({ spec }) => spec.method.name)).toEqual(['Gravar', 'Administrar']);
  });
});
