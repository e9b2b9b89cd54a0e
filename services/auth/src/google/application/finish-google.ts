import type { Clock } from '@plataforma/domain/clock';
import { type IdGenerator, withNewId } from '@plataforma/domain/id';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { Auditoria } from '../../auditoria/application/ports.ts';
import { type ConsultaDeUsuarios, EmailDeOutraContaError } from '../../contas/application/ports.ts';
import type { NomeInvalidoError } from '../../contas/domain/recusa.ts';
import { Usuario } from '../../contas/domain/usuario.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import type { LetIn, LetInHandler } from '../../sessoes/application/let-in.ts';
import { type Identidade, nomeDaConta } from '../domain/identidade.ts';
import {
  GoogleEmailNaoVerificadoError,
  GoogleLoginInvalidoError,
  GoogleVinculoNecessarioError,
  UsuarioInativoError,
} from '../domain/recusa.ts';
import { identificar, type Volta } from './identificar.ts';
import type { ConsultaDeVinculos, Emissor, Tentativas, Transacao } from './ports.ts';

export interface FinishGoogleCommand extends Volta {
  readonly origem: Origem;
}

type FinishRefused =
  | GoogleLoginInvalidoError
  | GoogleEmailNaoVerificadoError
  | GoogleVinculoNecessarioError
  | UsuarioInativoError
  | NomeInvalidoError;

interface Deps {
  readonly emissor: Emissor;
  readonly tentativas: Tentativas;
  readonly consulta: Pick<ConsultaDeUsuarios, 'findById' | 'findByEmail'>;
  readonly vinculos: ConsultaDeVinculos;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly letIn: LetInHandler;
  readonly auditoria: Auditoria;
  readonly ids: IdGenerator;
  readonly clock: Clock;
}

/**
 * Lets in who the issuer says it is, into the account that is linked to them, or a new one. An account that only has the
 * same address is not theirs yet: addresses change hands, and whoever signed up with it first may be somebody else.
 */
export class FinishGoogleHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute({ origem, ...volta }: FinishGoogleCommand): Promise<Result<LetIn, FinishRefused>> {
    const identidade = await identificar(this.#deps, volta);
    const entrada = identidade
      ? await this.#entrar(identidade, origem)
      : Result.fail(new GoogleLoginInvalidoError());
    if (entrada.isFailure) await this.#recusado(identidade, origem);
    return entrada;
  }

  /** For the account that the person was about to enter, or that has the address which they have proved at the issuer. */
  async #recusado(identidade: Identidade | undefined, origem: Origem): Promise<void> {
    const { auditoria, clock } = this.#deps;
    const usuarioId = identidade && (await this.#contaPerto(identidade));
    const evento = { tipo: 'LOGIN', resultado: 'RECUSADO', detalhe: 'fed', usuarioId } as const;
    await auditoria.registrar({ ...evento, origem, em: clock.now() });
  }

  async #contaPerto(identidade: Identidade): Promise<string | undefined> {
    const { consulta, vinculos } = this.#deps;
    const vinculada = await vinculos.contaDe(identidade);
    if (vinculada !== undefined || identidade.emailVerificado === undefined) return vinculada;
    return (await consulta.findByEmail(identidade.emailVerificado))?.estado.id;
  }

  async #entrar(identidade: Identidade, origem: Origem): Promise<Result<LetIn, FinishRefused>> {
    const { consulta, vinculos, letIn } = this.#deps;
    const conta = await this.#contaDe(identidade);
    if (conta.isFailure) return conta;
    const usuario = await consulta.findById(conta.value);
    // Taken away since it was found: the sessions that it ends are those up to the account as it was read before.
    if (!usuario || (await vinculos.contaDe(identidade)) !== conta.value)
      return Result.fail(new GoogleLoginInvalidoError());
    if (!usuario.estado.ativo) return Result.fail(new UsuarioInativoError());
    const entrada = await letIn.execute(usuario, origem, 'fed');
    return entrada ? Result.ok(entrada) : Result.fail(new GoogleLoginInvalidoError());
  }

  async #contaDe(identidade: Identidade): Promise<Result<string, FinishRefused>> {
    const { vinculos } = this.#deps;
    const conhecida = await vinculos.contaDe(identidade);
    if (conhecida !== undefined) return Result.ok(conhecida);
    const { emailVerificado: email } = identidade;
    if (email === undefined) return Result.fail(new GoogleEmailNaoVerificadoError());
    return this.#abrir(identidade, email);
  }

  async #abrir(identidade: Identidade, email: string): Promise<Result<string, FinishRefused>> {
    try {
      return await this.#abrirOuEncontrar(identidade, email);
    } catch (error) {
      if (error instanceof EmailDeOutraContaError) return Result.fail(new GoogleVinculoNecessarioError());
      throw error;
    }
  }

  /** @throws EmailDeOutraContaError */
  #abrirOuEncontrar(identidade: Identidade, email: string): Promise<Result<string, FinishRefused>> {
    const { ids, uow, clock } = this.#deps;
    return withNewId(ids, 'cli', (id) =>
      uow.run(async ({ usuarios, vinculos }) => {
        await vinculos.hold(identidade);
        // The same person may come by two attempts at once.
        const conhecida = await vinculos.contaDe(identidade);
        if (conhecida !== undefined) return Result.ok(conhecida);
        const em = clock.now();
        const nome = nomeDaConta(identidade.nome, email);
        const dados = { id, nome, email, senhaHash: null, papeis: ['CLIENTE'] as const, em };
        const conta = Usuario.registrar({ ...dados, codigoVerificacao: undefined });
        if (conta.isFailure) return conta;
        await usuarios.add(conta.value);
        await vinculos.add(id, identidade, { em, soSenha: false });
        return Result.ok(id);
      }),
    );
  }
}
