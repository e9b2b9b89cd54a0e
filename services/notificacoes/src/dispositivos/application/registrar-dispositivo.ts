import type { Clock } from '@plataforma/domain/clock';
import { nomeDoDispositivo } from '@plataforma/domain/dispositivo';
import { type IdGenerator, withNewId } from '@plataforma/domain/id';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { escrever } from '../../mensagens/application/registro.ts';
import type { NovaNotificacao } from '../../mensagens/domain/notificacao.ts';
import type { Modelos } from '../../modelos/application/modelos.ts';
import {
  type Dispositivo,
  MAXIMO_DISPOSITIVOS,
  MAXIMO_NOVOS,
  NOVOS_EM_MS,
  sessaoAte,
} from '../domain/dispositivo.ts';
import {
  DispositivoNaoEncontradoError,
  type InscricaoPushInvalidaError,
  LimiteDeDispositivosError,
  type PushNaoOferecidoError,
  SessaoEncerradaError,
} from '../domain/recusa.ts';
import type { DispositivoNovo, InscricaoPedida, OfertaDePush, Registrante, Transacao } from './ports.ts';

export interface RegistrarDispositivoCommand {
  readonly quem: Registrante;
  /** Empty when it was given none. */
  readonly nome: string;
  readonly inscricao: InscricaoPedida;
  /** Browser or app that registers it, as it names itself; empty when it does not. */
  readonly userAgent: string;
}

interface Deps {
  readonly ids: IdGenerator;
  readonly clock: Clock;
  readonly modelos: Pick<Modelos, 'em'>;
  readonly oferta: OfertaDePush;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
}

type Recusa =
  | InscricaoPushInvalidaError
  | LimiteDeDispositivosError
  | PushNaoOferecidoError
  | SessaoEncerradaError;

const SEM_NOME = { FCM: 'Aplicativo', WEB_PUSH: 'Navegador' } as const;

/** A device of a person gets their messages from now on; of one that is new they are told by e-mail, in the same transaction. */
export class RegistrarDispositivoHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(command: RegistrarDispositivoCommand): Promise<Result<Dispositivo, Recusa>> {
    const { clock, ids, oferta, uow } = this.#deps;
    const aparelho = oferta.ler(command.inscricao);
    if (aparelho.isFailure) return aparelho;
    const { quem, userAgent } = command;
    const nome = command.nome || nomeDoDispositivo(userAgent) || SEM_NOME[aparelho.value.tipo];
    const em = clock.now();
    return withNewId(ids, 'dsp', (id) =>
      withNewId(ids, 'not', (notificacaoId) => {
        const ate = sessaoAte(em, quem.autenticadoEm);
        const novo = { ...quem, id, nome, aparelho: aparelho.value, em, sessaoAte: ate };
        const aviso = this.#aviso(notificacaoId, novo, userAgent);
        return uow.run((tx) => registrar(tx, novo, aviso));
      }),
    );
  }

  /** What an earlier attempt of the same call has registered. */
  async repeat(id: string, clienteId: string): Promise<Result<Dispositivo, DispositivoNaoEncontradoError>> {
    const dispositivo = await this.#deps.uow.run(({ dispositivos }) => dispositivos.findById(id, clienteId));
    return dispositivo ? Result.ok(dispositivo) : Result.fail(new DispositivoNaoEncontradoError());
  }

  #aviso(
    id: string,
    { id: dispositivoId, clienteId, em }: DispositivoNovo,
    dispositivo: string,
  ): NovaNotificacao {
    const dados = {
      tipo: 'DISPOSITIVO_REGISTRADO',
      em: em.toISOString(),
      enderecoIp: '',
      dispositivo,
    } as const;
    const conteudo = { modelo: 'AVISO_DE_SEGURANCA', dados } as const;
    return {
      ...conteudo,
      ...{ id, clienteId, canal: 'EMAIL', reservaId: '', fato: `${clienteId}/${dispositivoId}` },
      assunto: (idioma) => this.#deps.modelos.em(idioma).assunto(conteudo),
      ...{ criadoEm: em, devidaEm: em, validoAte: undefined, grupo: undefined },
    };
  }
}

type Aberta = Transacao & { claimKey(efeito: string): Promise<void> };

async function registrar(
  tx: Aberta,
  novo: DispositivoNovo,
  aviso: NovaNotificacao,
): Promise<Result<Dispositivo, LimiteDeDispositivosError | SessaoEncerradaError>> {
  const { dispositivos } = tx;
  const { clienteId, aparelho, em } = novo;
  if (!(await dispositivos.travar(novo))) return Result.fail(new SessaoEncerradaError());
  const conhecido = await dispositivos.conhece(clienteId, aparelho);
  const desde = new Date(em.getTime() - NOVOS_EM_MS);
  if (!conhecido && (await dispositivos.novosDesde(clienteId, desde)) >= MAXIMO_NOVOS)
    return Result.fail(new LimiteDeDispositivosError());
  const registrado = await dispositivos.registrar(novo, MAXIMO_DISPOSITIVOS);
  await tx.claimKey(registrado.id);
  if (!conhecido) await escrever(tx, aviso);
  return Result.ok(registrado);
}
