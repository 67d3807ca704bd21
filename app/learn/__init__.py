"""What a visitor and a learner meet: catalogue, pathway, steps, results, notebook, bilan, kits."""
