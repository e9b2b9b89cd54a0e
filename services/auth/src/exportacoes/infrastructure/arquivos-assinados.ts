import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { canonicalJson } from '@plataforma/domain/formats/canonical-json';
import type { StatementSigner } from '../../chaves/application/ports.ts';
import type { Arquivos, ColetaDeExportacoes } from '../application/ports.ts';
import { type Exportacao, FORMATO, VERSAO } from '../domain/exportacao.ts';
import { cabecalho, enchimento, fim } from './tar.ts';

const DOCUMENTO = 'dados.json';
const ASSINATURA = 'assinatura.jws';

const LEIA_ME = `Seus dados na Plataforma de Reservas

${DOCUMENTO}     o que a plataforma sabe sobre você, em JSON (UTF-8): uma lista para cada tipo de dado, em "secoes".
${ASSINATURA}  a prova de que o documento veio de nós e não foi alterado.

Para conferir: a assinatura é um JWS (RFC 7515, RS256). O conteúdo dela traz, em "sha256", o SHA-256 de ${DOCUMENTO}, e
ela confere com a chave pública de mesmo "kid" em /.well-known/jwks.json. As chaves são trocadas de tempos em tempos:
para conferir mais tarde, guarde também esse endereço como ele está hoje.

Este arquivo é só seu. Guarde-o em lugar seguro e não o envie a ninguém.
`;

/**
 * Archives as tar.gz. Gzip allows members one after the other, so the parts of the document go out as they are stored; only the
 * few blocks between them are made here. The signature is made when the archive is fetched: by a key that is published then.
 */
export class ArquivosAssinados implements Arquivos {
  readonly #deps: {
    readonly coleta: Pick<ColetaDeExportacoes, 'partes'>;
    readonly signer: StatementSigner;
    readonly issuer: string;
  };

  constructor(deps: {
    coleta: Pick<ColetaDeExportacoes, 'partes'>;
    signer: StatementSigner;
    issuer: string;
  }) {
    this.#deps = deps;
  }

  async *abrir(exportacao: Exportacao, em: Date): AsyncGenerator<Buffer> {
    const { pedidoEm, bytes } = exportacao;
    const leiaMe = Buffer.from(LEIA_ME);
    yield await comprimir(arquivo('LEIA-ME.txt', leiaMe, pedidoEm), cabecalho(DOCUMENTO, bytes, pedidoEm));
    yield* this.#deps.coleta.partes(exportacao);
    const assinatura = Buffer.from(await this.#assinatura(exportacao, em));
    yield await comprimir(enchimento(bytes), arquivo(ASSINATURA, assinatura, pedidoEm), fim());
  }

  #assinatura({ id, usuarioId, pedidoEm, bytes, sha256 }: Exportacao, em: Date): Promise<string> {
    const { signer, issuer } = this.#deps;
    // Without `exp` and `sub`, and of a type of its own: for no verifier of tokens is it one.
    const declaracao = canonicalJson({
      ...{ iss: issuer, formato: FORMATO, versao: VERSAO, exportacao: id, titular: usuarioId },
      ...{ emitidoEm: pedidoEm, assinadoEm: em, arquivo: DOCUMENTO, bytes, sha256: sha256?.toString('hex') },
    });
    return signer.sign('exportacao+jws', JSON.parse(declaracao));
  }
}

const arquivo = (nome: string, conteudo: Buffer, em: Date) =>
  Buffer.concat([cabecalho(nome, conteudo.length, em), conteudo, enchimento(conteudo.length)]);

const comprimir = (...blocos: readonly Buffer[]): Promise<Buffer> => promisify(gzip)(Buffer.concat(blocos));
