import { describe, expect, it } from '@jest/globals';
import { restPackages } from '../contracts.ts';
import { loadFixture } from '../fixture-workspace.ts';
import { generateKong } from './kong.ts';
import { KongLintError } from './kong-lint.ts';

const SERVICE = 'proibido.v1.ProibidoService';
const EXPECTED = [
  'proibido.v1.TiposRequest.bruto: bytes are not supported (sent raw, not as base64)',
  'proibido.v1.TiposRequest.por_numero: map keys must be strings',
  'google.protobuf.Duration: only google.protobuf.Timestamp is supported',
  'google.protobuf.StringValue: only google.protobuf.Timestamp is supported',
  'google.protobuf.Struct: only google.protobuf.Timestamp is supported',
  'proibido.v1.TiposRequest.mascara: only update_mask of a request can be a mask',
  'exemplo.v1.ObterCoisaRequest: used by proibido.v1; only comum may be shared',
  'proibido.v1.Marcada: has an instant, and is both sent and answered; split it in two',
  'proibido.v1.TiposRequest.soltas: a list of an enum with numbers above 31',
  'proibido.v1.Solta: its values have no common prefix that could be left out',
  'proibido.v1.AlgoAconteceu: an event cannot be part of a REST message',
  `${SERVICE}/Consulta (/consulta): nomes is repeated: a single value in the query would be refused`,
  `${SERVICE}/Consulta (/consulta): filtro.numeros is repeated: a single value in the query would be refused`,
  `${SERVICE}/Consulta (/consulta): filtro.outro is recursive and cannot be a query parameter`,
  `${SERVICE}/Aninhada (/aninhada/{filtro.nome}): nested path variable {filtro.nome} is dropped`,
  `${SERVICE}/Desconhecida (/desconhecida/{nada}/*): path variable {nada} is no field of proibido.v1.ConsultaRequest`,
  `${SERVICE}/Desconhecida (/desconhecida/{nada}/*): \`*\` outside a variable`,
  `${SERVICE}/Desconhecida (/desconhecida/{nada}/*): body: no message field nada`,
  `${SERVICE}/Muitas: at most one additional binding is supported`,
  `${SERVICE}/Corrente: response_body is not supported`,
  `${SERVICE}/Corrente: streaming cannot have a REST path`,
  '/obscura/{dois}: never reached, /{um}/{dois} is tried first',
];

describe('the lint for Kong', () => {
  it('names every construct that the gateway cannot do when a contract uses all of them', async () => {
    const registry = await loadFixture('exemplo', 'proibido');
    const error = failureOf(() => generateKong(registry, 'kong'));
    expect(error).toBeInstanceOf(KongLintError);
    expect((error as KongLintError).problems).toEqual(expect.arrayContaining(EXPECTED));
  });

  it('finds nothing when a contract keeps to what the gateway can do', async () => {
    const registry = await loadFixture('exemplo');
    expect(restPackages(registry).map(({ name }) => name)).toEqual(['exemplo']);
    expect(generateKong(registry, 'kong').size).toBe(2);
  });
});

function failureOf(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}
