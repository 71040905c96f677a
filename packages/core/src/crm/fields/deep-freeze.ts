/** Freezes a tree of plain objects and arrays, and gives it back. */
export function deepFreeze<Tree>(tree: Tree): Tree {
  if (typeof tree !== 'object' || tree === null) return tree;
  Object.freeze(tree);
  for (const branch of Object.values(tree)) deepFreeze(branch);
  return tree;
}
