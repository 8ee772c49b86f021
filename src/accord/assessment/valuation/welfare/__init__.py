"""What the world economy makes of tariffs and money: solved equilibria, and surfaces between them."""
