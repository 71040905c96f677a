import type { ActorServices } from '#core';

const teams = ['north', 'south', 'east', 'west'] as const;
const agentsOfATeam = 5;

/** Who works the leads: four teams of five agents, and a manager of the first team. */
export const agents: readonly { readonly id: string; readonly team: string }[] = teams.flatMap((team) =>
  Array.from({ length: agentsOfATeam }, (_, at) => ({ id: `agent-${team}-${at + 1}`, team })),
);
export const oneAgent = 'agent-north-1';
export const oneManager = 'manager-north';
const managedTeam = 'north';
export const managedAgents: readonly string[] = agents.filter(({ team }) => team === managedTeam).map(({ id }) => id);

export async function addStaff(admin: ActorServices): Promise<void> {
  for (const { id, team } of agents) await admin.users.create({ id, name: id, roles: ['agent'], teams: [team] });
  await admin.users.create({ id: oneManager, name: oneManager, roles: ['manager'], teams: [managedTeam] });
}
