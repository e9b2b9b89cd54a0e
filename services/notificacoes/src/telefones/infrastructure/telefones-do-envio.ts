import { createHash } from 'node:crypto';
import type { Clock } from '@plataforma/domain/clock';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { Sql } from '@plataforma/runtime/transaction';
import type { TelefonesDoEnvio } from '../../envio/application/faixa-de-sms.ts';
import type { Numeracao } from '../../preferencias/application/ports.ts';
import { acertarSms } from '../../retornos/application/acertar-sms.ts';
import type { Transacao } from '../application/ports.ts';

interface Deps {
  readonly clock: Clock;
  readonly sql: Sql;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly numeracao: Numeracao;
}

/** The number that the person has now, as long as it is the one that they have proved and want to be written to. */
const NUMBER = `
  select t.numero from telefones t join preferencias p on p.cliente_id = t.cliente_id and p.telefone = t.numero
  where t.cliente_id = $1 and t.recusado_em is null`;

const LOST = 'delete from telefones where cliente_id = $1 and numero = $2';

/** Where SMS go, in PostgreSQL. A country that is written to no more is none also for who has proved a number of it. */
export function telefonesDoEnvio({ clock, sql, uow, numeracao }: Deps): TelefonesDoEnvio {
  return {
    async numeroDe(clienteId) {
      const [linha]: Array<{ numero: string }> = await sql.query(NUMBER, [clienteId]);
      return linha && numeracao.aceita(linha.numero) ? linha.numero : undefined;
    },
    async recusado(clienteId, numero) {
      const em = clock.now();
      const digesto = createHash('sha256').update(numero).digest();
      await uow.run(async (tx) => {
        if (await tx.telefones.recusar({ clienteId, digesto, enviadoEm: em, em }))
          await acertarSms(tx, clienteId, em);
      });
    },
    async inexistente(clienteId, numero) {
      await sql.query(LOST, [clienteId, numero]);
    },
  };
}
