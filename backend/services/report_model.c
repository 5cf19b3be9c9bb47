#include "services/report_model.h"

struct tree_node {
    int feature;      /* -1: a leaf */
    double threshold; /* left when the feature is not above it */
    int left, right;  /* from the tree's root */
    double value;
};

#include "services/report_trees.h"

double report_model_share(const double features[COVER_FEATURES])
{
    double sum = trees_base;
    for (size_t i = 0; i < sizeof trees_roots / sizeof *trees_roots; i++) {
        const struct tree_node *root = &trees[trees_roots[i]], *n = root;
        while (n->feature >= 0)
            n = root + (features[n->feature] <= n->threshold ? n->left : n->right);
        sum += n->value;
    }
    return sum < 0 ? 0 : sum > 1 ? 1 : sum;
}

const char *report_model_version(void)
{
    return "rubric-2-" TREES_HASH;
}
