import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { CriarEspacoRequestSchema } from '@plataforma/contratos/reservas/v1/espacos_service_pb';
import { nulCharacters } from './nul-characters.ts';

const request = (nome: string, codigo: string) =>
  create(CriarEspacoRequestSchema, {
    nome,
    endereco: 'Rua Augusta, 1500',
    capacidade: 10,
    precoPorHora: { centavos: 12_000n, moeda: 'BRL' },
    extras: [{ codigo: 'PROJETOR' }, { codigo }],
  });

describe('nulCharacters', () => {
  it('names each string that contains one, however deep', () => {
    expect(nulCharacters(request('Sala\0', '\0'))).toEqual(['nome', 'extras[1].codigo']);
  });

  it('is silent about other text, control characters and bytes', () => {
    expect(nulCharacters(request('Sala Ipê \u0001 😀', 'CAFE'))).toEqual([]);
    expect(nulCharacters({ assinatura: Uint8Array.of(0, 0), vazio: undefined, nada: null })).toEqual([]);
  });
});
